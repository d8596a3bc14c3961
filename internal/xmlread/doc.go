// Package xmlread is the strict gate in front of every XML parser of the product.
//
// Check reads a document once, token by token, and refuses what a lenient parser lets through:
// directives, processing instructions, encodings other than UTF-8, duplicate attributes,
// undeclared prefixes, several roots, text around the root, and anything beyond Limits. What
// passes can be handed to a tree parser with bounded cost. It owns the xml.* error codes and the
// positions and namespaces of elements, which tree parsers do not keep. It knows nothing of
// BPMN, DMN or any tree library.
package xmlread
