// "Agree to all" follows the optional boxes and sets them. Without this script
// the box stays hidden and the page works all the same.
const all = document.getElementById("agree-all");
if (all) {
  const optional = [...document.querySelectorAll("fieldset input[type=checkbox]:not(:disabled)")];
  const follow = () => {
    const checked = optional.filter((box) => box.checked).length;
    all.checked = checked === optional.length;
    all.indeterminate = checked > 0 && !all.checked;
  };
  all.addEventListener("change", () => {
    for (const box of optional) box.checked = all.checked;
  });
  for (const box of optional) box.addEventListener("change", follow);
  follow();
  all.closest("label").hidden = false;
}
