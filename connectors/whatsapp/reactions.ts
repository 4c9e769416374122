/** WhatsApp takes any emoji; these are offered. */
export const reactions = [
  ..."👍 ❤️ 😂 😮 😢 🙏 👏 🔥 🎉 💯 ✅ 👌 🤝 💪 🙌 😊 😍 🥰 😘 😁 😄 😅 🤣 🙂 😉 🤗 🤔 😎 🤩 🥳 😇 😴 😐 😕 🙁 😞 😔 😟 😭 😡 🤯 😱 😳 🙈 👀 👋 👎 💔 💙 💚 💛 🧡 💜 🖤 🤍 ⭐ ✨ 🌹 ☕ 🎁".split(
    " ",
  ),
];
