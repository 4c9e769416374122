export default {
  card: {
    title: "Create your card",
    text: "One page with the ways to reach you: the link for your bio.",
    begun: "It is begun; publish it, and everybody can open it.",
    bare: "It is published, and your messengers are not on it yet.",
    waits: "Your messengers are on the draft; publish it, and visitors see them.",
    put: "Put them onto the card",
    act: "Create",
    edit: "Edit",
  },
  bio: {
    title: "Put the link into your Instagram bio",
    first: "First publish the card.",
    text: "So every visitor of your profile finds every way to write to you.",
    done: "Visitors from Instagram have come.",
    copy: "Copy the link",
    where: "In Instagram: Profile → Edit profile → Links → Add external link",
    paste: "Paste it and open your profile once",
    waiting: "Waiting for the first visit from Instagram",
    open: "Open the card",
    toCard: "To the card",
  },
  aside: {
    title: "Your card",
    visits: "{count} visit | {count} visits",
    open: "Open the card in a new tab",
  },
};
