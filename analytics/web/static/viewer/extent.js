// How far a path reaches, read from its commands: asking the browser would have it lay out everything first.
// The service writes absolute corners, and curves, which stay within their handles.
export function extent(d) {
  const numbers = d.match(/-?\d*\.?\d+/g) || [0, 0];
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    const [x, y] = [Number(numbers[at]), Number(numbers[at + 1])];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
