package tidy

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	linkTarget = regexp.MustCompile(`\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)`)
	codeSpan   = regexp.MustCompile("`[^`]*`")
)

// Links reports relative links in Markdown files that lead nowhere.
func Links(t *Tree) []Finding {
	var found []Finding
	for _, p := range t.Paths {
		if path.Ext(p) != ".md" || inTestdata(p) {
			continue
		}
		text, err := t.read(p)
		if err != nil {
			found = append(found, Finding{p, 0, err.Error()})
			continue
		}
		found = append(found, brokenLinks(t, p, text)...)
	}
	return sorted(found)
}

func brokenLinks(t *Tree, file, text string) []Finding {
	var found []Finding
	fenced := false
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
		}
		if fenced {
			continue
		}
		for _, m := range linkTarget.FindAllStringSubmatch(codeSpan.ReplaceAllString(line, ""), -1) {
			if !t.reaches(file, m[1]) {
				found = append(found, Finding{file, i + 1, "link leads nowhere: " + m[1]})
			}
		}
	}
	return found
}

// reaches reports whether a link from file leads to something. Links to the outside are not
// followed: a test needs no network.
func (t *Tree) reaches(file, target string) bool {
	u, err := url.Parse(target)
	if err != nil {
		return false
	}
	if u.Scheme != "" || u.Host != "" || u.Path == "" {
		return true
	}
	rel := path.Join(path.Dir(file), u.Path)
	_, err = os.Stat(filepath.Join(t.Root, filepath.FromSlash(rel)))
	return err == nil && !strings.HasPrefix(rel, "../")
}
