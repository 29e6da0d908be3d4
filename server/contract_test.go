package server

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// contractPaths are the paths of contract/path.go.
func contractPaths(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../contract/path.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok {
			path, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
		}
		return true
	})
	return paths
}

// What has a route has a name in the contract.
func TestRoutesAreThoseOfTheContract(t *testing.T) {
	c := good()
	c.AppID, c.AdminKey = "1", "key"
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	table, err := s.table()
	if err != nil {
		t.Fatal(err)
	}
	known := append(contractPaths(t), "", authBelow)
	for path := range table {
		if !slices.Contains(known, path) {
			t.Errorf("%s has a route, and no name in the contract", path)
		}
	}
	if len(table) < 12 {
		t.Errorf("%d routes only", len(table))
	}
}
