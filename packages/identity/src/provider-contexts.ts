/** A value that belongs to the context of one request to the provider. */
export interface ContextSlot<T> {
  get(ctx: object): T | undefined;
  set(ctx: object, value: T): void;
}

/**
 * Opens a place for a value on contexts. A `WeakMap` would say the same, but V8's frequent collections take what a long-lived
 * one holds for live: every request would stay in memory until the whole heap is looked through.
 */
export function openContextSlot<T>(name: string): ContextSlot<T> {
  const key = Symbol(name);
  return {
    get: (ctx) => Reflect.get(ctx, key) as T | undefined,
    set: (ctx, value) => void Reflect.set(ctx, key, value),
  };
}

/**
 * Lets V8 forget a request as soon as it is answered. The provider gives each context a getter `oidc`; V8 keeps getters among
 * what lives long, and this one holds its request, so that each request (10 KB) would stay until the whole heap is looked
 * through: a tenth of the service's time and most of its memory (docs/decisions/0091). Here the getter is asked at once and
 * `oidc` becomes a plain property. Nothing else about contexts changes.
 */
export function keepContextsShortLived<Asked extends unknown[], Context extends object>(provider: {
  createContext(...asked: Asked): Context;
}): void {
  const createContext = provider.createContext.bind(provider);
  provider.createContext = (...asked) => new Proxy<Context>(createContext(...asked), PLAIN_OIDC);
}

const PLAIN_OIDC: ProxyHandler<object> = {
  defineProperty(target, name, described) {
    if (name !== 'oidc' || described.get === undefined)
      return Reflect.defineProperty(target, name, described);
    return Reflect.defineProperty(target, name, { configurable: true, value: described.get() });
  },
};
