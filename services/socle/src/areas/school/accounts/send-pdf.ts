import type { AreaAnswer } from '../../area.ts';
import type { Visit } from '../../visit.ts';

/** Answers with a PDF that no cache keeps. */
export function sendPdf(visit: Visit, body: Buffer, name: string): AreaAnswer {
  const file = name.normalize('NFKD').replace(/[^\w-]+/g, '-');
  return visit.reply
    .type('application/pdf')
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${file}.pdf"`)
    .send(body);
}
