/** The door of the cards: the page in the bio, and what it is made with. */
import type { Hub, Running } from "../core/hub.ts";
import { createLimit } from "../core/limits.ts";
import type { Inbox } from "../inbox/index.ts";
import type { Desk } from "./desk.ts";
import { addDomainRoutes } from "./domains/routes.ts";
import { sweepForms } from "./forms/hand-over.ts";
import { Domains } from "./domains/domains.ts";
import { followEditors } from "./live.ts";
import { Pages } from "./pages.ts";
import { PictureShelf } from "./pictures.ts";
import { addPrintRoute } from "./print/routes.ts";
import { sweepReviews } from "./reviews/tell.ts";
import { addCardRoutes } from "./routes.ts";
import { SharePictures } from "./share/share-picture.ts";
import { addSite } from "./site.ts";
import { addThemeRoutes } from "./themes/routes.ts";
import { Visits } from "./statistics/visits.ts";

export { createFormConnector, formKind } from "./forms/connector.ts";
export { formIcon } from "./icon.ts";

/** What is left of the counting is written when it stops. */
export function addCards(hub: Hub, inbox: Inbox): Running {
  const domains = new Domains(hub);
  const visits = new Visits(hub.log);
  const desk: Desk = {
    hub,
    inbox,
    pages: new Pages(),
    domains,
    pictures: new PictureShelf(hub),
    sharePictures: new SharePictures(),
    taps: createLimit(60, 600),
    forms: createLimit(10, 600),
    visits,
  };
  const sweeps = [sweepForms(hub, inbox), sweepReviews(hub)];
  addDomainRoutes(desk);
  addCardRoutes(desk);
  addThemeRoutes(desk);
  addPrintRoute(desk);
  addSite(desk);
  const editors = followEditors(hub);
  return {
    async stop() {
      await editors.stop();
      await domains.stop();
      for (const sweep of sweeps) await sweep.stop();
      await visits.stop();
    },
  };
}
