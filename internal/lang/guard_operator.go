package lang

import (
	"cmp"
	"math"
	"math/bits"
	"reflect"
	"time"
)

// arithmetic applies an operator so that a result that does not exist is an error: the library
// wraps whole numbers around and divides by zero to infinity.
func arithmetic(m *meter, op string, a, b any) (any, error) {
	if err := m.spend(1); err != nil {
		return nil, err
	}
	x, ok := a.(int)
	y, alsoOK := b.(int)
	if ok && alsoOK {
		return wholeNumbers(op, x, y)
	}
	f, ok := number(a)
	g, alsoOK := number(b)
	if ok && alsoOK {
		return floats(op, f, g)
	}
	s, ok := a.(string)
	t, alsoOK := b.(string)
	if ok && alsoOK && op == "+" {
		if err := m.grow(len(s)+len(t), stringMax); err != nil {
			return nil, err
		}
		return s + t, nil
	}
	return coerced(op, a, b)
}

// coerced computes with strings that are numbers, and with null, or with times.
func coerced(op string, a, b any) (any, error) {
	x, y := operand(a), operand(b)
	f, ok := number(x)
	g, alsoOK := number(y)
	if !ok || !alsoOK {
		return times(op, a, b)
	}
	whole, isWhole := x.(int)
	other, alsoWhole := y.(int)
	if isWhole && alsoWhole {
		return wholeNumbers(op, whole, other)
	}
	return floats(op, f, g)
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

var errOverflow = ErrFailed.With("the whole number does not fit into 64 bits")

func wholeNumbers(op string, x, y int) (any, error) {
	switch op {
	case "+":
		if sum := x + y; (sum > x) == (y > 0) {
			return sum, nil
		}
		return nil, errOverflow
	case "-":
		if difference := x - y; (difference < x) == (y > 0) {
			return difference, nil
		}
		return nil, errOverflow
	case "*":
		return product(x, y)
	case "%":
		if y == 0 {
			return nil, ErrFailed.With("division by zero")
		}
		return x % y, nil
	default:
		return floats(op, float64(x), float64(y))
	}
}

func product(x, y int) (any, error) {
	high, low := bits.Mul64(magnitude(x), magnitude(y))
	if high != 0 || low > math.MaxInt64 {
		return nil, errOverflow
	}
	if (x < 0) != (y < 0) {
		return -int(low), nil
	}
	return int(low), nil
}

func magnitude(n int) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func floats(op string, f, g float64) (any, error) {
	switch op {
	case "+":
		return finite(f + g)
	case "-":
		return finite(f - g)
	case "*":
		return finite(f * g)
	case "/":
		if g == 0 {
			return nil, ErrFailed.With("division by zero")
		}
		return finite(f / g)
	case "%":
		return finite(math.Mod(f, g))
	default:
		return finite(math.Pow(f, g))
	}
}

func finite(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, ErrFailed.With("the number is not finite")
	}
	return f, nil
}

func times(op string, a, b any) (any, error) {
	switch x := a.(type) {
	case time.Time:
		switch y := b.(type) {
		case time.Duration:
			if op == "-" {
				return x.Add(-y), nil
			} else if op == "+" {
				return x.Add(y), nil
			}
		case time.Time:
			if op == "-" {
				return x.Sub(y), nil
			}
		}
	case time.Duration:
		switch y := b.(type) {
		case time.Time:
			if op == "+" {
				return y.Add(x), nil
			}
		case time.Duration:
			sum, err := wholeNumbers(op, int(x), int(y))
			if n, ok := sum.(int); ok && (op == "+" || op == "-") {
				return time.Duration(n), err
			}
		}
	}
	return nil, ErrFailed.With("%s %s %s has no result", kindOf(a), op, kindOf(b))
}

func compare(m *meter, op string, a, b any) (any, error) {
	a, b = alike(a, b)
	if op == "==" || op == "!=" {
		same, err := equal(m, a, b)
		return same == (op == "=="), err
	}
	if a == nil || b == nil {
		return a == nil && b == nil && (op == "<=" || op == ">="), m.spend(1)
	}
	c, err := order(m, a, b)
	if err != nil {
		return nil, err
	}
	switch op {
	case "<":
		return c < 0, nil
	case "<=":
		return c <= 0, nil
	case ">":
		return c > 0, nil
	default:
		return c >= 0, nil
	}
}

func order(m *meter, a, b any) (int, error) {
	if err := m.charge(a, 1); err != nil {
		return 0, err
	}
	switch x := a.(type) {
	case int:
		if y, ok := b.(int); ok {
			return cmp.Compare(x, y), nil
		}
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y), nil
		}
	case time.Time:
		if y, ok := b.(time.Time); ok {
			return x.Compare(y), nil
		}
	case time.Duration:
		if y, ok := b.(time.Duration); ok {
			return cmp.Compare(x, y), nil
		}
	}
	x, ok := number(a)
	y, alsoOK := number(b)
	if !ok || !alsoOK {
		return 0, ErrFailed.With("%s and %s can not be compared", kindOf(a), kindOf(b))
	}
	return cmp.Compare(x, y), nil
}

// equal compares deeply and pays for every part.
func equal(m *meter, a, b any) (bool, error) {
	if err := m.spend(1); err != nil {
		return false, err
	}
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return ok && x == y, m.charge(a, 1)
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false, nil
		}
		return equalFields(m, x, y)
	case []any, []int:
		return equalLists(m, a, b)
	case nil:
		return b == nil, nil
	}
	if x, ok := number(a); ok {
		y, ok := number(b)
		return ok && x == y, nil
	}
	if x, ok := a.(time.Time); ok {
		y, ok := b.(time.Time)
		return ok && x.Equal(y), nil
	}
	return reflect.TypeOf(a).Comparable() && a == b, nil
}

func equalFields(m *meter, x, y map[string]any) (bool, error) {
	for key, value := range x {
		other, ok := y[key]
		if !ok {
			return false, nil
		}
		same, err := equal(m, value, other)
		if !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

func equalLists(m *meter, a, b any) (bool, error) {
	x, err := list(a)
	if err != nil {
		return false, err
	}
	y, err := list(b)
	if err != nil || len(x) != len(y) {
		return false, nil
	}
	for i := range x {
		same, err := equal(m, x[i], y[i])
		if !same || err != nil {
			return false, err
		}
	}
	return true, nil
}
