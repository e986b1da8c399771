/** HTML in a response is shown as it is written: it is part of what was answered, and a sheet must not hide it. */

type TreeNode = { type: string; value?: string; tagName?: string; properties?: object; children?: TreeNode[] };

/** A rehype plugin that stands before the sanitiser, which would take the markup out. A block of it becomes a paragraph. */
export function markupAsText(): (tree: TreeNode) => void {
  return (tree) => {
    turn(tree, true);
  };
}

function turn(node: TreeNode, isTop: boolean): void {
  if (node.children === undefined) return;
  node.children = node.children.map((child) => {
    turn(child, false);
    if (child.type !== "raw") return child;
    const written: TreeNode = { type: "text", value: child.value ?? "" };
    return isTop ? { type: "element", tagName: "p", properties: {}, children: [written] } : written;
  });
}
