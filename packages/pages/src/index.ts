export { hrefAttribute, safeHref } from './address.ts';
export { accentColour, namedAccents, type Accent } from './assets/accent.ts';
export { loadPageAssets, type PageAsset, type PageAssets } from './assets/load-page-assets.ts';
export { catalogueNames, renderCatalogue } from './catalogue/render-catalogue.ts';
export type { ChartOptions, ChartSeries } from './charts/chart-options.ts';
export { warmCharts } from './charts/draw-with-echarts.ts';
export { heatMap, type HeatMapOptions } from './charts/heat-map.ts';
export { barChart, lineChart } from './charts/line-chart.ts';
export { rankedBars } from './charts/ranked-bars.ts';
export { dotDistribution, type DotDistributionOptions } from './charts/dot-distribution.ts';
export { sparkline } from './charts/sparkline.ts';
export { badge, type BadgeTone } from './components/badge.ts';
export {
  button,
  buttonLink,
  buttonRow,
  printButton,
  type ButtonKind,
  type ButtonOptions,
} from './components/button.ts';
export { card, linkList, grid, section, stack, type CardOptions } from './components/card.ts';
export { checkbox, checkboxGroup, radioGroup, type ChoicesOptions } from './components/choices.ts';
export { dataTable, type Column, type DataTableOptions } from './components/data-table.ts';
export { descriptionList, figure, figures } from './components/description-list.ts';
export { confirmCard, confirmDialog, disclosure, type ConfirmOptions } from './components/dialog.ts';
export { emptyState } from './components/empty-state.ts';
export { errorSummary, type FieldError } from './components/error-summary.ts';
export { fieldId, textField, type FieldOptions, type TextFieldOptions } from './components/form-field.ts';
export { fieldGroup, form, type FormOptions } from './components/form.ts';
export { hiddenFields } from './components/hidden-fields.ts';
export { pagination, tabs } from './components/pagination.ts';
export { picturePad, type PicturePadOptions } from './components/picture-pad.ts';
export { progress } from './components/progress.ts';
export { proofOfWork, type ProofOfWorkOptions } from './components/proof-of-work.ts';
export { searchField, type SearchOptions } from './components/search-field.ts';
export { selectField, type Choice, type SelectFieldOptions } from './components/select-field.ts';
export {
  codeField,
  dateField,
  fileField,
  periodField,
  printedCodeField,
  timeField,
} from './components/special-fields.ts';
export { stepList, type Step } from './components/step-list.ts';
export { switchControl, type SwitchOptions } from './components/switch.ts';
export { tile, tileGrid, type TileOptions } from './components/tile.ts';
export { timeline, type TimelineEntry } from './components/timeline.ts';
export { trustNote } from './components/trust-note.ts';
export { PagesError, type PagesErrorCode } from './errors.ts';
export { html, join, nothing, trustedHtml, type Content, type Fragment } from './html.ts';
export { isIconName, type IconName } from './icons/icon-names.ts';
export { icon, iconOr } from './icons/icon.ts';
export {
  defineStrings,
  findMissingStrings,
  type StringCatalogue,
  type Strings,
} from './languages/define-strings.ts';
export {
  formatBytes,
  formatDate,
  formatDateTime,
  formatList,
  formatNumber,
  formatPercent,
  formatTime,
  isSingular,
  type DateStyle,
} from './languages/format.ts';
export {
  chooseLanguage,
  isLanguage,
  languageCookieName,
  languageNames,
  languages,
  type Language,
} from './languages/language.ts';
export { frenchSpacing } from './languages/typography.ts';
export { flashMessage } from './page/flash.ts';
export type { Area, Flash, PageOptions } from './page/page-options.ts';
export { renderPage } from './page/render-page.ts';
export { contentSecurityPolicy, securityHeaders, type SecurityHeaderOptions } from './security-headers.ts';
