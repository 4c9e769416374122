const en = {
  title: "Layout",
  failed: "The layouts could not be shown",
  studio: { name: "Studio and classes", text: "Messengers, shop, gallery" },
  appointments: { name: "Appointments", text: "Booking, hours, address" },
  prices: { name: "Price list", text: "Services and prices first" },
  wholesale: { name: "Wholesale", text: "Numbered links, no pictures" },
  photo: { name: "One photo", text: "Your picture behind it all" },
};
export default en;
