package feel

import (
	"slices"
	"testing"
)

func TestConversionBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		date("2020-02-29") → 2020-02-29
		date("2021-02-29") → null
		date("12020-01-01") → 12020-01-01
		date("-2020-01-01") → -2020-01-01
		date("+2020-01-01") → null
		date("012020-01-01") → null
		date("2020-1-01") → null
		date("2020-01-01T00:00:00") → null
		date(@"2020-01-01T10:00:00") → 2020-01-01
		date(2020, 2, 30) → null
		date(2020, 2, 29) → 2020-02-29
		date(year: 2020, month: 1, day: 2) → 2020-01-02
		date(1000000000, 1, 1) → null
		date(null) → null
		time("10:30:00") → 10:30:00
		time("10:30:00.5Z") → 10:30:00.5Z
		time("10:30:00+02:00") → 10:30:00+02:00
		time("10:30:00@Europe/Paris") → 10:30:00@Europe/Paris
		time("10:30:00+02:00@Europe/Paris") → null
		time("10:30:00@Nowhere/Town") → null
		time("10:30:00@Local") → null
		time("10:30:00+15:00") → null
		time("24:00:00") → null
		time("10:30") → null
		time(@"2020-01-01T10:00:00Z") → 10:00:00Z
		time(@"2020-01-01") → 00:00:00Z
		time(10, 30, 1.5, @"PT1H") → 10:30:01.5+01:00
		time(10, 30, 0) → 10:30:00
		time(10, 30, 0, null) → 10:30:00
		time(10, 60, 0) → null
		time(10, 30, 0, @"PT15H") → null
		date and time("2020-01-01T10:00:00@Etc/UTC") → 2020-01-01T10:00:00@Etc/UTC
		date and time("2020-01-01") → 2020-01-01T00:00:00
		date and time("2020-01-01T24:00:00") → 2020-01-02T00:00:00
		date and time(@"2020-01-01", @"10:00:00Z") → 2020-01-01T10:00:00Z
		date and time(@"2020-01-01T01:00:00", @"10:00:00") → 2020-01-01T10:00:00
		date and time("x") → null
	`)
}

func TestConversionBuiltinsOfOtherKinds(t *testing.T) {
	t.Parallel()
	check(t, `
		number("1 000,5", " ", ",") → 1000.5
		number("1,000.5", ",", ".") → 1000.5
		number("1.000,5", ".", ",") → 1000.5
		number("12", null, null) → 12
		number("1,2", ",", ",") → null
		number("1-2", "-", ".") → null
		number("abc", null, null) → null
		number("1e400000", null, null) → null
		number("-1.5") → -1.5
		string(1.50) → 1.5
		string("x") → x
		string(null) → null!
		string(@"P14M") → P1Y2M
		string([1, "a", null]) → [1, "a", null]
		string({a: 1, "b c": "x", "1d": {e: []}}) → {a: 1, b c: "x", "1d": {e: []}}
		string(1e30) → 1000000000000000000000000000000
		string(1e-10) → 0.0000000001
		string([1..10)) → [1..10)
		duration("P1DT2H3M4.5S") → P1DT2H3M4.5S
		duration("-PT90M") → -PT1H30M
		duration("PT0S") → PT0S
		duration("P0M") → P0M
		duration("P1Y14M") → P2Y2M
		duration("P1Y1D") → null
		duration("P") → null
		duration("PT") → null
		duration("P9999999999999999999D") → null
		duration("P100000000000000000D") → null
		years and months duration(@"2020-01-31", @"2021-03-01") → P1Y1M
		years and months duration(@"2021-03-01", @"2020-01-31") → -P1Y1M
		years and months duration(@"2020-01-01", null) → null
		range("[18..21)") → [18..21)
		range("[2..)") → [2..)
		range("(..2)") → (..2)
		range("[..2)") → null
		range("[..]") → null
		range("") → null
		range("[1+1..3]") → null
		range("[\"a\"..\"b\"]") → ["a".."b"]
		range("[date(\"2020-01-01\")..@\"2020-01-02\"]") → [2020-01-01..2020-01-02]
		range("[3..1]") → null
	`)
}

func TestLogicBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		not(true) → false
		not(null) → null!
		not(1) → null!
		is(1, 1.0) → true
		is(null, null) → true
		is(@"23:00:50Z", @"23:00:50") → false
		is(@"23:00:50Z", @"23:00:50+00:00") → true
		is(@"2020-01-01", @"2020-01-01T00:00:00") → false
		is([@"10:00:00Z"], [@"10:00:00"]) → false
		is({a: 1}, {a: 1}) → true
		all([true, true]) → true
		all([]) → true
		all([true, null]) → null!
		all(false, null) → false
		all(1) → null!
		any([]) → false
		any(false, true) → true
		any([null, false]) → null!
		any([1, true]) → true
	`)
}

func TestStringBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		substring("foobar", 3) → obar
		substring("foobar", 3, 3) → oba
		substring("foobar", -2, 1) → a
		substring("🐎ab", 1, 1) → 🐎
		substring("foobar", 0) → null
		substring("foobar", 7) → null
		substring("foobar", 1, 0) → null
		substring(null, 1) → null
		string length("🐎ab") → 3
		string length("") → 0
		string length(1) → null
		upper case("aBc4") → ABC4
		lower case("aBc4") → abc4
		upper case(1) → null
		substring before("foobar", "bar") → foo
		string length(substring before("foobar", "x")) → 0
		substring after("foobar", "ob") → ar
		substring after("foobar", "") → foobar
		string length(substring after("foobar", "x")) → 0
		contains("foobar", "oba") → true
		contains("foobar", null) → null
		starts with("foobar", "fo") → true
		ends with("foobar", "r") → true
		ends with(["foobar"], "r") → true
		string join(["a", "b", null, "c"], "-") → a-b-c
		string join(["a", "b"]) → ab
		string join(["a", "b"], null) → ab
		string length(string join([], "-")) → 0
		string join("a", "-") → a
		string join([1], "-") → null
	`)
}

func TestRegexBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		matches("foobar", "^fo*b") → true
		matches("foobar", "OBA") → false
		matches("foobar", "OBA", "i") → true
		matches("foobar", "o b", "x") → true
		matches("a\nb", "a.b") → false
		matches("a\nb", "a.b", "s") → true
		matches("a\nb", "^b") → false
		matches("a\nb", "^b$", "m") → true
		matches("a.b", "a.b", "q") → true
		matches("axb", "a.b", "q") → false
		matches("foobar", "oba", null) → true
		matches("foobar", "oba", "") → true
		matches("foobar", "oba", "y") → null
		matches("foobar", "(") → null
		matches("foobar", "a**") → null
		matches("foobar", "[b-a]") → null
		matches("e", "[a-z-[aeiou]]") → false
		matches("f", "^[a-z-[aeiou]]$") → true
		matches("E", "^[a-z-[x]]$", "i") → true
		matches("abab", "^(ab)\1$") → true
		matches("abba", "^(ab)\1$") → false
		matches("a", "(a)\2") → null
		matches("é", "^\p{L}$") → true
		matches("é", "^\p{IsBasicLatin}$") → false
		matches("a", "^\p{IsBasicLatin}$") → true
		matches("a", "\p{Nothing}") → null
		matches("a:b", "^\i\c+$") → true
		matches("1", "^\i") → false
		matches("_", "^\w$") → false
		matches("٣", "^\d$") → true
		matches("aaa", "^a{2,3}$") → true
		matches("aaa", "a{3,2}") → null
		matches("x", "[^a-c]") → true
		matches("-", "^[a-]$") → true
		matches("]", "^[\]]$") → true
		matches(null, "a") → null
		replace("abracadabra", "bra", "*") → a*cada*
		replace("abracadabra", "a.*?a", "*") → *c*bra
		replace("abracadabra", "a(.)", "a$1$1") → abbraccaddabbra
		replace("abc", "(x)?b", "[$1$0]") → a[b]c
		replace("abc", "b", "\$") → a$c
		replace("abc", "b", "$") → null
		replace("abc", "b", "\x") → null
		replace("abc", "x*", "-") → null
		replace("facetiously", "[aeiouy]", "[$0]") → f[a]c[e]t[i][o][u]sl[y]
		replace("0123456789", "(\d{3})(\d{3})(\d{4})", "($1) $2-$3") → (012) 345-6789
		replace("Ab", "a", "x", "i") → xb
		split("a;b;c;;", ";") → ["a", "b", "c", "", ""]
		split("John Doe", "\s") → ["John", "Doe"]
		split("ab", "") → null
		split("aXXbXXc", "(X)\1") → ["a", "b", "c"]
		split(null, ";") → null
	`)
}

func TestListBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		list contains([1, null], null) → true
		list contains([1, 2], 3) → false
		list contains(1, 1) → true
		list contains(null, 1) → null
		count([1, [2, 3]]) → 2
		count([]) → 0
		count(5) → 1
		count(null) → null
		sublist([1, 2, 3], 2) → [2, 3]
		sublist([1, 2, 3], 1, 2) → [1, 2]
		sublist([1, 2, 3], -2, 1) → [2]
		sublist([1, 2, 3], 0) → null
		sublist([1, 2, 3], 2, 3) → null
		append([1], 2, null) → [1, 2, null]
		append(1, 2) → [1, 2]
		append(null, 1) → null
		concatenate([1], [2], 3) → [1, 2, 3]
		concatenate([1], null) → null
		union([1, 2], [2, 3]) → [1, 2, 3]
		insert before([1, 3], 2, 2) → [1, 2, 3]
		insert before([1, 3], -1, 2) → [1, 2, 3]
		insert before([1, 3], 3, 2) → null
		remove([1, 2, 3], 2) → [1, 3]
		remove([1, 2, 3], -1) → [1, 2]
		remove([1, 2, 3], 0) → null
		list replace([1, 2, 3], 2, 9) → [1, 9, 3]
		list replace([1, 2, 3], -1, 9) → [1, 2, 9]
		list replace([1, 2, 3], 4, 9) → null
		list replace([1, 2, 3], function(item, newItem) item < newItem, 3) → [3, 3, 3]
		list replace([1, 2, 3], function(item) true, 3) → null
		list replace([1, 2, 3], function(item, newItem) 1, 3) → null
		reverse([1, 2]) → [2, 1]
		reverse([]) → []
		distinct values([1, 2, 1, null, null]) → [1, 2, null]
		flatten([[1, [2]], 3, []]) → [1, 2, 3]
		flatten(1) → [1]
		index of([1, 2, 1], 1) → [1, 3]
		index of([1, null], null) → [2]
		index of([1], 5) → []
		sort([3, 1, 2], function(x, y) x < y) → [1, 2, 3]
		sort([{k: 1, v: "a"}, {k: 0, v: "b"}, {k: 1, v: "c"}], function(x, y) x.k < y.k).v → ["b", "a", "c"]
		sort(list: [1, 2], precedes: function(x, y) x > y) → [2, 1]
		sort([1, 2], function(x) true) → null
		sort([1, 2], function(x, y) 5) → null
		sort([], function(x, y) x < y) → []
	`)
}

func TestAggregateBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		min([3, 1, 2]) → 1
		min(3, 1, 2) → 1
		min("b", "a") → a
		min([]) → null
		min(1, "a") → null
		max(@"2020-01-01", @"2021-01-01") → 2021-01-01
		max([@"PT1H", @"PT2H"]) → PT2H
		max(null) → null
		sum([1, 2.5]) → 3.5
		sum(1, 2) → 3
		sum([]) → null
		sum([1, null]) → null
		product([2, 3, 4]) → 24
		product([]) → null
		mean([1, 2]) → 1.5
		mean([]) → null
		median([8, 2, 5, 3, 4]) → 4
		median(6, 1, 2, 3) → 2.5
		median([]) → null
		stddev(2, 4, 7, 5) → 2.081665999466132735282297706979931
		stddev([47]) → null
		stddev([]) → null
		mode(6, 3, 9, 6, 6) → [6]
		mode([6, 1, 9, 6, 1]) → [1, 6]
		mode([]) → []
		mode(["a"]) → null
	`)
}

func TestNumberBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		decimal(1/3, 2) → 0.33
		decimal(1.5, 0) → 2
		decimal(2.5, 0) → 2
		decimal(1234.5, -2) → 1200
		decimal(1, 6177) → null
		decimal(1, null) → null
		floor(-1.5) → -2
		floor(-1.56, 1) → -1.6
		floor(5, -6000) → 0
		ceiling(-1.5) → -1
		ceiling(1.56, 1) → 1.6
		ceiling(0.1, -1) → 10
		round up(5.5, 0) → 6
		round up(-5.5, 0) → -6
		round up(1.121, 2) → 1.13
		round up(1, -3) → 1000
		round down(-5.5, 0) → -5
		round down(1.126, 2) → 1.12
		round half up(-5.5, 0) → -6
		round half up(1.125, 2) → 1.13
		round half down(5.5, 0) → 5
		round half down(-1.126, 2) → -1.13
		round half down(5.5, null) → null
		abs(-10) → 10
		abs(@"-PT5H") → PT5H
		abs(@"-P1Y") → P1Y
		abs("a") → null
		modulo(12, 5) → 2
		modulo(-12, 5) → 3
		modulo(12, -5) → -3
		modulo(10.1, 4.5) → 1.1
		modulo(-1e40, 3) → 2
		modulo(1, 0) → null
		sqrt(16) → 4
		sqrt(-1) → null
		decimal(log(10), 8) → 2.30258509
		log(0) → null
		decimal(exp(5), 8) → 148.4131591
		exp(20000) → null
		odd(5) → true
		odd(-1) → true
		odd(2.5) → null
		even(0) → true
		even(1e30) → true
		even(null) → null
	`)
}

func TestTemporalBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		now() → 2026-11-22T10:30:15.5Z
		today() → 2026-11-22
		now() + @"P1D" > now() → true
		day of year(@"2019-09-17") → 260
		day of year(@"2020-12-31") → 366
		day of year(null) → null
		day of week(@"2019-09-17") → Tuesday
		day of week(@"1969-12-28") → Sunday
		month of year(@"2019-09-17T00:00:00") → September
		week of year(@"2019-09-17") → 38
		week of year(@"2003-12-29") → 1
		week of year(@"2005-01-01") → 53
		week of year("x") → null
	`)
}

func TestTemporalProperties(t *testing.T) {
	t.Parallel()
	check(t, `
		@"2020-02-03".year → 2020
		@"2020-02-03".month → 2
		@"2020-02-03".day → 3
		@"2020-02-03".weekday → 1
		@"2020-02-09".weekday → 7
		@"2020-02-03".hour → null
		@"2020-02-03T10:11:12.5Z".second → 12.5
		@"2020-02-03T10:11:12+01:30".time offset → PT1H30M
		@"2020-06-03T10:11:12@Europe/Berlin".time offset → PT2H
		@"2020-02-03T10:11:12@Europe/Berlin".timezone → Europe/Berlin
		@"2020-02-03T10:11:12".timezone → null!
		@"10:11:12".time offset → null!
		@"10:11:12".minute → 11
		@"P1Y14M".years → 2
		@"P1Y14M".months → 2
		@"P1Y".days → null
		@"P2DT25H61M5.25S".days → 3
		@"P2DT25H61M5.25S".hours → 2
		@"P2DT25H61M5.25S".minutes → 1
		@"P2DT25H61M5.25S".seconds → 5.25
		@"-PT90M".minutes → -30
	`)
}

func TestTemporalArithmetic(t *testing.T) {
	t.Parallel()
	check(t, `
		@"2020-01-31" + @"P1M" → 2020-02-29
		@"2020-02-29" - @"P1Y" → 2019-02-28
		@"2020-01-31" + @"P1DT12H" → 2020-02-01
		@"2020-01-31" - @"PT1H" → 2020-01-30
		@"P1M" + @"2020-01-31" → 2020-02-29
		@"2020-01-31T23:30:00" + @"PT1H" → 2020-02-01T00:30:00
		@"2020-03-29T01:30:00@Europe/Berlin" + @"PT1H" → 2020-03-29T03:30:00@Europe/Berlin
		@"2020-03-28T02:30:00@Europe/Berlin" + @"P1M" → 2020-04-28T02:30:00@Europe/Berlin
		@"23:30:00Z" + @"PT1H" → 00:30:00Z
		@"00:30:00" - @"P1DT1H" → 23:30:00
		@"23:30:00" + @"P1Y" → null
		@"2020-01-02" - @"2020-01-01" → P1D
		@"2020-01-02T00:00:00Z" - @"2020-01-01" → P1D
		@"2020-01-02T00:00:00" - @"2020-01-01" → null
		@"2020-01-02T00:00:00.5" - @"2020-01-01T00:00:01" → PT23H59M59.5S
		@"10:00:00" - @"11:30:00" → -PT1H30M
		@"10:00:00Z" - @"11:30:00+01:00" → -PT30M
		@"PT1H" + @"PT30M" → PT1H30M
		@"PT0.5S" - @"PT1S" → -PT0.5S
		@"P1Y" - @"P1M" → P11M
		@"P1Y" + @"P1D" → null
		@"PT1H" * 1.5 → PT1H30M
		2 * @"P1Y" → P2Y
		@"PT1S" / 4 → PT0.25S
		@"P1Y" / 5 → P2M
		@"P1D" / @"PT1H" → 24
		@"P1D" / 0 → null
		@"P1Y" / @"P1D" → null
		-@"P1D" → -P1D
		@"999999999-12-31" + @"P1D" → null
		@"-999999999-01-01" - @"P1D" → null
		@"999999999-12-31" - @"-999999999-01-01" → P730484999633D
		@"P1D" * 1e20 → null
		@"2020-01-01" + 1 → null
		@"P1M" + @"PT1H" → null
	`)
}

func TestRangeBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		before(1, 10) → true
		before(10, 1) → false
		before(1, [1..10]) → false
		before(1, (1..10]) → true
		before([1..10], 10) → false
		before([1..10), 10) → true
		before([1..10), [10..20]) → true
		before([1..10], [10..20]) → false
		after(10, 5) → true
		after([11..20], 10) → true
		after([1..10], (10..12]) → false
		meets([1..5], [5..10]) → true
		meets([1..5), [5..10]) → false
		met by([5..10], [1..5]) → true
		overlaps([1..5], [3..8]) → true
		overlaps([1..5], (5..8]) → false
		overlaps([1..5], [6..8]) → false
		overlaps before([1..5], [3..8]) → true
		overlaps before([1..5], [1..8]) → false
		overlaps before([1..5], [3..5]) → true
		overlaps before([1..5], [3..5)) → false
		overlaps before([1..5], (1..5]) → true
		overlaps before([1..5), [1..5]) → false
		overlaps before([1..5), [5..8]) → false
		overlaps after((1..5], [1..5]) → true
		overlaps after([1..5], [1..5)) → false
		overlaps after([3..8], [1..5]) → true
		finishes(10, [1..10]) → true
		finishes(10, [1..10)) → false
		finishes([5..10], [1..10]) → true
		finished by([1..10], 10) → true
		includes([1..10], 5) → true
		includes([1..10], [1..10)) → true
		includes((1..10], [1..10]) → false
		during(5, [1..10]) → true
		during([4..6], [1..10)) → true
		starts(1, [1..10]) → true
		starts((1..5], [1..10]) → false
		started by([1..10], [1..5]) → true
		coincides(5, 5) → true
		coincides([1..5], [1..5)) → false
		before(1, "a") → null
		before([1..2], null) → null
		before(point1: 1, point2: 2) → true
		during(point: 5, range: [1..10]) → true
		coincides(@"2020-01-01", @"2020-01-01") → true
	`)
}

func TestContextBuiltins(t *testing.T) {
	t.Parallel()
	check(t, `
		get value({"a b+": 1}, "a b+") → 1
		get value({a: 1}, "b") → null
		get value(null, "b") → null
		get entries({a: 1, b: [2]}) → [{key: "a", value: 1}, {key: "b", value: [2]}]
		get entries({}) → []
		get entries(1) → null
		context([{key: "a", value: 1}, {key: "b", value: null, c: 3}]) → {a: 1, b: null}
		context([]) → {}
		context([{key: "a"}]) → null
		context([{key: 1, value: 1}]) → null
		context([{key: "a", value: 1}, {key: "a", value: 2}]) → null
		context put({a: 1, b: 2}, "a", 9) → {a: 9, b: 2}
		context put({a: 1}, "c", null) → {a: 1, c: null}
		context put({a: {b: 1}}, ["a", "b"], 2) → {a: {b: 2}}
		context put({a: {b: 1}}, ["a", "c"], 2) → {a: {b: 1, c: 2}}
		context put({a: 1}, ["a", "b"], 2) → null
		context put({a: 1}, [], 2) → null
		context put({a: 1}, null, 2) → null
		context put({a: 1}, [1], 2) → null
		context merge([{a: 1}, {a: 2, b: 3}]) → {a: 2, b: 3}
		context merge({a: 1}) → {a: 1}
		context merge([{a: 1}, 2]) → null
		{a: 1, a: 2} → null
		{} → {}
	`)
}

// TestBuiltinsList: a built-in that disappears breaks deployed models.
func TestBuiltinsList(t *testing.T) {
	t.Parallel()
	names := Builtins()
	for _, want := range []string{"date and time", "years and months duration", "list replace", "stddev", "coincides"} {
		if !slices.Contains(names, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if len(names) != 86 {
		t.Errorf("there are %d built-ins", len(names))
	}
}
