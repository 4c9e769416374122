const en = {
  title: "Settings of the card",
  former: "{address} goes on leading here",
  languages: "Languages",
  first: "for everybody else",
  makeFirst: "Put first",
  makeFirstOf: "Put first: {name}",
  without: "Without {name}",
  add: "Add a language",
  languagesText:
    "They are part of the draft: visitors see them once it is published. Texts of a language that is taken out are kept.",
  found: "Search engines may show it",
  foundText: "Otherwise they are asked to leave it out. At once, without publishing.",
  runsOn: "“Runs on Switchboard” at the end",
  save: "Save",
  delete: "Delete",
  remove: "Delete the card",
  removed: "{name} is deleted",
  removeTitle: "Delete {name}?",
  removeText:
    "Its page, its addresses and its own domain are gone at once, with the statistics. What was sent by its forms stays in the inbox.",
};
export default en;
