package scoring

import "fmt"

// forest adds one leaf per tree to a base. The nodes of all trees lie in one array.
type forest struct {
	base  float64
	roots []int
	nodes []treeNode
}

// treeNode goes left when its input is below the threshold; a leaf has no input (-1). Texts count by
// their position in the input's values, booleans as 0 and 1.
type treeNode struct {
	input       int
	threshold   float64
	left, right int
	missingLeft bool
	leaf        float64
}

func (f *forest) sum(row []value) (float64, []contribution) {
	z := f.base
	for _, at := range f.roots {
		n := &f.nodes[at]
		for n.input >= 0 {
			v := row[n.input]
			if v.present && v.number < n.threshold || !v.present && n.missingLeft {
				n = &f.nodes[n.left]
			} else {
				n = &f.nodes[n.right]
			}
		}
		z += n.leaf
	}
	return z, nil
}

func (c *checker) forest(f *fileForest) {
	c.scaled("boostedTrees", f.Scale)
	if len(f.Trees) == 0 || len(f.Trees) > TreesMax {
		c.fail("model.field", "boostedTrees.trees", "must be 1 to %d trees", TreesMax)
		return
	}
	out := &forest{base: f.Base}
	for i, t := range f.Trees {
		at := fmt.Sprintf("boostedTrees.trees[%d]", i)
		size := len(t.Feature)
		if size == 0 || len(t.Threshold) != size || len(t.Left) != size || len(t.Right) != size || len(t.Value) != size ||
			t.MissingLeft != nil && len(t.MissingLeft) != size {
			c.fail("model.field", at, "feature, threshold, left, right and value must have one entry per node, missingLeft too when given")
			return
		}
		if len(out.nodes)+size > NodesMax {
			c.fail("model.field", at, "the trees have more than %d nodes", NodesMax)
			return
		}
		c.tree(at, t, out)
	}
	c.out.sum = out
}

// tree appends the nodes of one tree. Children come after their parent and have one parent only, so
// walking down always ends at a leaf.
func (c *checker) tree(at string, t fileTree, out *forest) {
	start, size := len(out.nodes), len(t.Feature)
	out.roots = append(out.roots, start)
	parents := make([]int, size)
	for i, name := range t.Feature {
		n := treeNode{input: -1, leaf: t.Value[i]}
		if name != "" {
			n = c.branch(fmt.Sprintf("%s node %d", at, i), t, i, parents)
			n.left, n.right = n.left+start, n.right+start
		}
		out.nodes = append(out.nodes, n)
	}
	for i, n := range parents {
		if want := min(i, 1); n != want {
			c.fail("model.field", at, "node %d has %d parents, not %d", i, n, want)
			return
		}
	}
}

func (c *checker) branch(at string, t fileTree, i int, parents []int) treeNode {
	n := treeNode{input: -1, threshold: t.Threshold[i], left: t.Left[i], right: t.Right[i]}
	position, known := c.inputs[t.Feature[i]]
	if !known {
		c.fail("model.field", at, "there is no input %q", t.Feature[i])
		return n
	}
	in := &c.out.inputs[position]
	if in.kind == text && len(in.position) == 0 {
		c.fail("model.field", at, "input %q needs a list of values: trees know texts by their position in it", in.name)
	}
	if in.optional && t.MissingLeft == nil {
		c.fail("model.field", at, "input %q is optional; missingLeft must say where an absent value goes", in.name)
	}
	if n.left <= i || n.right <= i || n.left == n.right || n.left >= len(parents) || n.right >= len(parents) {
		c.fail("model.field", at, "left and right must be two later nodes of the tree")
		return n
	}
	parents[n.left]++
	parents[n.right]++
	n.input, n.missingLeft = position, t.MissingLeft != nil && t.MissingLeft[i]
	return n
}
