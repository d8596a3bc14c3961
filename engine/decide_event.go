package engine

import "tallystick/fault"

// ErrSubscriptionNotFound refuses a message or signal for a subscription that is not open.
var ErrSubscriptionNotFound = fault.New(fault.NotFound, "subscription.not_found", "no such subscription")

func (x *machine) subscription(key int64, kind string) (Subscription, error) {
	s, ok := x.st.subscriptions.get(rowID{key: key})
	if !ok || s.Type != kind {
		return s, ErrSubscriptionNotFound.With("no open subscription of type %s has the key %d", kind, key)
	}
	return s, nil
}

func (x *machine) correlateMessage(c CorrelateMessage) error {
	s, err := x.subscription(c.Subscription, SubscribesMessage)
	if err != nil {
		return err
	}
	if err := x.mayStore(c.Variables); err != nil {
		return err
	}
	x.trip(s, &c.Message, c.Variables)
	return nil
}

func (x *machine) catchSignal(c CatchSignal) error {
	s, err := x.subscription(c.Subscription, SubscribesSignal)
	if err != nil {
		return err
	}
	if err := x.mayStore(c.Variables); err != nil {
		return err
	}
	x.trip(s, nil, c.Variables)
	return nil
}
