import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../errors.ts';
import type { Grades } from '../reading/grades.ts';
import { stringsOf } from '../strings/strings.ts';
import { renderRefusal } from '../views/refusal.ts';
import { correct, showCorrect } from './correct.ts';
import { create, showCreate } from './create.ts';
import { remove, restore, showDelete } from './delete.ts';
import { showDivision } from './division.ts';
import { edit, showEdit } from './edit.ts';
import { openExchange, page, type Answer, type Exchange, type PageHandler } from './exchange.ts';
import { showHome, showMine } from './home.ts';
import { sendAnswer, type Frame } from './frame.ts';
import { publish, showPublish } from './publish.ts';
import { showChild, showPupilToStaff } from './pupil.ts';
import { isOutage, keepUnsaved, save, showSheet } from './sheet.ts';

/** The module's pages: one line each. Every POST has passed the client's check of form tokens already. */
export function addRoutes(app: FastifyInstance, grades: Grades, frame: Frame): void {
  const pages: readonly ['GET' | 'POST', string, PageHandler][] = [
    ['GET', '/', showHome],
    ['GET', '/mine', showMine],
    ['GET', '/children/:pupil', showChild],
    ['GET', '/classes/:division', showDivision],
    ['GET', '/classes/:division/pupils/:pupil', showPupilToStaff],
    ['GET', '/assessments/new', showCreate],
    ['POST', '/assessments', create],
    ['GET', '/assessments/:id', showSheet],
    ['POST', '/assessments/:id/marks', save],
    ['GET', '/assessments/:id/edit', showEdit],
    ['POST', '/assessments/:id/edit', edit],
    ['GET', '/assessments/:id/publish', showPublish],
    ['POST', '/assessments/:id/publish', publish],
    ['GET', '/assessments/:id/delete', showDelete],
    ['POST', '/assessments/:id/delete', remove],
    ['POST', '/assessments/:id/restore', restore],
    ['GET', '/assessments/:id/pupils/:pupil', showCorrect],
    ['POST', '/assessments/:id/pupils/:pupil', correct],
  ];
  for (const [method, url, handler] of pages) {
    app.route({
      method,
      url,
      exposeHeadRoute: false,
      handler: (request, reply) => answer(grades, frame, handler, request, reply),
    });
  }
}

async function answer(
  grades: Grades,
  frame: Frame,
  handler: PageHandler,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  let exchange: Exchange | undefined;
  try {
    exchange = await openExchange(grades, request, reply);
    return sendAnswer(frame, request, reply, await handler(exchange), exchange);
  } catch (error) {
    const session = await grades.client.loadSession(request);
    if (error instanceof Refusal) {
      const strings = stringsOf(grades.client.language(request));
      return sendAnswer(frame, request, reply, refusalPage(error, strings), exchange);
    }
    // What was typed in a sheet outlives an outage of the socle.
    if (session && handler === save && isOutage(error)) {
      const language = grades.client.language(request);
      const kept = {
        strings: stringsOf(language),
        language,
        csrf: grades.client.csrfToken(session),
        request,
      };
      return sendAnswer(frame, request, reply, keepUnsaved(kept), exchange);
    }
    throw error;
  }
}

function refusalPage(refusal: Refusal, strings: ReturnType<typeof stringsOf>): Answer {
  return page(renderRefusal(refusal, strings), refusal.status);
}
