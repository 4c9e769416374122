export default {
  title: "Put the widget on your site",
  text: "One line of code, and visitors write to you from any page.",
  begun: "It is made; what is missing is its line in your site.",
  done: "Seen on {domain}.",
  act: "Create",
  install: "Install",
  edit: "Settings",
};
