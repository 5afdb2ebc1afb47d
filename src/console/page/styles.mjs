// Lets xterm.js style itself under a policy that forbids inline styles (style-src-attr 'none', and no
// nonce). Two doors of the document lead elsewhere once `allowConstructedStyles` has run:
//
//   createElement("style")        gives an element that keeps no text: what is written to it goes into a
//                                 constructed style sheet, which the policy lets scripts make.
//   setAttribute("style", text)   writes through element.style, which the policy lets scripts use. xterm.js
//                                 sets 24-bit colours this way.

function sheetElement(createElement, document) {
  const element = createElement("span");
  const sheet = new document.defaultView.CSSStyleSheet();
  let text = "";
  element.hidden = true;
  Object.defineProperty(element, "textContent", {
    get: () => text,
    set(value) {
      text = String(value);
      sheet.replaceSync(text);
      const sheets = document.adoptedStyleSheets;
      if (!sheets.includes(sheet)) document.adoptedStyleSheets = [...sheets, sheet];
    },
  });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}

export function allowConstructedStyles(document) {
  const createElement = document.createElement.bind(document);
  document.createElement = (name, ...rest) =>
    String(name).toLowerCase() === "style"
      ? sheetElement(createElement, document)
      : createElement(name, ...rest);

  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (String(name).toLowerCase() === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}
