// What every page needs at once; charts are fetched only where there is one.
import { charts } from "./parts/charts";
import { copies } from "./parts/copies";
import { explain } from "./parts/explain";
import { files } from "./parts/files";
import { menus, narrows, pages } from "./parts/menus";
import { palette } from "./parts/palette";
import { paper } from "./parts/paper";
import { preferences } from "./parts/preferences";
import { ticks } from "./parts/ticks";
import { forms } from "./parts/forms";
import { tables } from "./parts/tables";
import { tour } from "./parts/tour";

function enliven(root: ParentNode): void {
  charts(root);
  copies(root);
  files(root);
  forms(root);
  narrows(root);
  ticks(root);
}

menus();
pages();
palette();
explain();
tables();
tour();
preferences();
paper();
enliven(document);
// Parts of a page that htmx brings later are enlivened like the first ones.
document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof Element && event.target !== document.body) enliven(event.target);
});
