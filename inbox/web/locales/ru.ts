export default { title: "Диалоги" };
