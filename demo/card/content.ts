/** What the studio's card says, in both languages. */
import type { BlockOf, CardContent } from "../../cards/blocks/schema.ts";
import type { PictureName } from "../pictures.ts";

const words = (en: string, ru: string): Record<string, string> => ({ en, ru });
const day = [{ from: "10:00", to: "20:00" }];

/** One account of each, those first that customers like best. */
const services = ["telegram", "whatsapp", "viber", "messenger", "instagram"];
function inOrder(messengers: BlockOf<"messengers">["items"]): typeof messengers {
  return services.flatMap((service) => messengers.find((item) => item.service === service) ?? []);
}

/** The content as the API takes it. `messengers` are the connected accounts, as the hub puts them onto a new card; `upload` gives the id of a stored file. */
export async function contentOfStudio(
  theme: CardContent["design"]["theme"],
  messengers: BlockOf<"messengers">["items"],
  upload: { picture: (name: PictureName) => Promise<string>; guide: () => Promise<string> },
): Promise<unknown> {
  const [sign, shop, wheel, guide, ...kiln] = await Promise.all([
    upload.picture("sign-shop"),
    upload.picture("mugs-row"),
    upload.picture("bowls"),
    upload.guide(),
    ...(["kiln", "vase", "teapot"] as const).map(upload.picture),
  ]);
  const content = {
    languages: ["en", "ru"],
    design: { theme },
    blocks: [
      {
        id: "studio",
        type: "person",
        name: words("Clay & Co", "Глина и Ко"),
        about: words(
          "Ceramics for everyday tables. Thrown, glazed and fired in Kiln Yard.",
          "Посуда на каждый день. Лепим, глазируем и обжигаем сами.",
        ),
        photo: sign,
      },
      { id: "write", type: "messengers", items: inOrder(messengers) },
      {
        id: "shop",
        type: "link",
        url: "https://clay.example/shop",
        title: words("Shop", "Магазин"),
        note: words("Autumn glazes are in", "Осенние глазури уже здесь"),
        picture: shop,
      },
      {
        id: "wheel",
        type: "link",
        url: "https://clay.example/classes",
        title: words("Wheel throwing for beginners", "Гончарный круг с нуля"),
        note: words("Saturdays, six places left", "По субботам, осталось шесть мест"),
        picture: wheel,
      },
      {
        id: "prices",
        type: "prices",
        title: words("Prices", "Цены"),
        items: [
          { id: "mug", name: words("Mug, 350 ml", "Кружка, 350 мл"), price: words("$24", "1 900 ₽") },
          {
            id: "plate",
            name: words("Dinner plate, 27 cm", "Тарелка, 27 см"),
            price: words("$38", "2 900 ₽"),
          },
          {
            id: "class",
            name: words("A class at the wheel", "Занятие за кругом"),
            price: words("$45", "3 500 ₽"),
          },
        ],
      },
      {
        id: "kiln",
        type: "gallery",
        title: words("From the kiln", "Из печи"),
        pictures: [
          { fileId: kiln[0], alt: words("The kiln while it fires", "Печь во время обжига") },
          { fileId: kiln[1], alt: words("A tall vase", "Высокая ваза") },
          { fileId: kiln[2], alt: words("A teapot", "Чайник") },
        ],
      },
      { id: "hours", type: "hours", own: [day, day, day, day, day, [{ from: "11:00", to: "18:00" }], []] },
      {
        id: "faq",
        type: "faq",
        items: [
          {
            id: "safe",
            question: words("Is the glaze food safe?", "Глазурь пищевая?"),
            answer: words(
              "Yes. Every glaze is tested in a laboratory.",
              "Да. Каждую глазурь проверяют в лаборатории.",
            ),
          },
          {
            id: "post",
            question: words("Do you ship?", "Вы отправляете заказы?"),
            answer: words(
              "Within two days, packed so that it survives a fall.",
              "За два дня, в упаковке, которая выдержит падение.",
            ),
          },
        ],
      },
      {
        id: "class",
        type: "booking",
        title: words("Book a class", "Записаться на занятие"),
        services: words("Wheel throwing\nHand building\nGlazing", "Гончарный круг\nЛепка\nГлазурь"),
        consentText: words(
          "I agree that Clay & Co uses what I write here to answer me.",
          "Согласен, что «Глина и Ко» использует написанное, чтобы мне ответить.",
        ),
      },
      {
        id: "guide",
        type: "file",
        fileId: guide,
        title: words("How to care for stoneware", "Как ухаживать за керамикой"),
      },
      { id: "keep", type: "contact" },
      { id: "said", type: "reviews" },
      {
        id: "place",
        type: "address",
        address: words("Kiln Yard 7, entrance from the yard", "Печной двор, 7, вход со двора"),
      },
    ],
  };
  return content satisfies { languages: CardContent["languages"] };
}
