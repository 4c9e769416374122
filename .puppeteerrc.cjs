/** No browser is fetched when packages are installed: one on the system is used (connectors/whatsapp-web/browser.ts). */
module.exports = { skipDownload: true };
