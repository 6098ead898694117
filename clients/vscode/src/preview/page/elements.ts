/** Making elements: prompt text goes in as text, never as HTML. */

export interface Attributes {
  class?: string;
  text?: string;
  title?: string;
  role?: string;
  label?: string;
}

/** An element with its attributes and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: className, text, title, role, label }: Attributes = {},
  ...children: Node[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== undefined) {
    made.className = className;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  if (title !== undefined) {
    made.title = title;
  }
  if (role !== undefined) {
    made.setAttribute("role", role);
  }
  if (label !== undefined) {
    made.setAttribute("aria-label", label);
  }
  made.append(...children);
  return made;
}

/** A button that does something when it is pressed. */
export function button(attributes: Attributes, press?: () => void): HTMLButtonElement {
  const made = element("button", attributes);
  made.type = "button";
  if (press !== undefined) {
    made.addEventListener("click", press);
  }
  return made;
}
