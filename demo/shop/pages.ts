/** The pages of the shop: plain HTML, so that the widget is all the script there is. */
import type { WareName } from "../pictures/wares.ts";

export interface Ware {
  path: string;
  picture: WareName;
  name: string;
  price: string;
  stock: string;
  text: string;
}

export const wares: Ware[] = [
  {
    path: "/mugs/sand",
    picture: "mug-sand",
    name: "Sand mug",
    price: "$24",
    stock: "18 in stock",
    text: "Thrown by hand from coarse stoneware. The foot stays bare, so the clay is warm and a little rough to hold.",
  },
  {
    path: "/bowls/moss",
    picture: "bowls",
    name: "Moss bowl",
    price: "$38",
    stock: "6 in stock",
    text: "A wide bowl for soup or for fruit. The glaze breaks to brown where it runs thin over the rim.",
  },
  {
    path: "/vases/iron",
    picture: "vase",
    name: "Iron vase",
    price: "$64",
    stock: "2 in stock",
    text: "A tall vase with a narrow neck. One branch is enough.",
  },
];

const menu = [
  ["/", "Shop"],
  ["/courses", "Courses"],
  ["/cart", "Cart"],
] as const;

/** A whole page; `loader` is the widget's script, left out on the page that is measured without it. */
export function page(path: string, body: string, loader: { src: string; key: string } | undefined): string {
  const links = menu
    .map(([to, title]) => `<a href="${to}"${to === path ? ' aria-current="page"' : ""}>${title}</a>`)
    .join("");
  const script = loader ? `<script async src="${loader.src}" data-hub="${loader.key}"></script>` : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="description" content="Hand-thrown stoneware from a small studio.">
<title>${titleOf(path)}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/shop.css">
</head>
<body>
<header><a class="brand" href="/">Clay &amp; Co</a><nav aria-label="Main">${links}</nav></header>
<main>${body}</main>
${script}
</body>
</html>`;
}

export function titleOf(path: string): string {
  const name = wares.find((ware) => ware.path === path)?.name ?? menu.find(([to]) => to === path)?.[1];
  return name && path !== "/" ? `${name} — Clay & Co` : "Clay & Co";
}

/** What lies at a path; undefined for nothing. */
export function bodyOf(path: string): string | undefined {
  const ware = wares.find((one) => one.path === path);
  if (ware) return wareBody(ware);
  if (path === "/") return shelf();
  if (path === "/courses")
    return "<h1>Courses</h1><p>Saturdays at the wheel, eight people, clay and firing included.</p>";
  if (path === "/cart") return "<h1>Cart</h1><p>Two sand mugs are waiting here.</p>";
  return undefined;
}

function shelf(): string {
  const cards = wares
    .map(
      ({ path, picture, name, price }) =>
        `<li><a href="${path}"><img src="/pictures/${picture}.jpg" alt="" width="480" height="360"><b>${name}</b><span>${price}</span></a></li>`,
    )
    .join("");
  return `<h1>Shop</h1><ul class="shelf">${cards}</ul>`;
}

function wareBody({ picture, name, price, stock, text }: Ware): string {
  return `<article><div><p class="crumbs">Shop / ${name}</p><h1>${name}</h1><p class="price"><b>${price}</b> ${stock}</p><p>${text}</p><p><a class="button" href="/cart">Add to cart</a></p></div><img src="/pictures/${picture}.jpg" alt="${name}" width="720" height="540"></article>`;
}
