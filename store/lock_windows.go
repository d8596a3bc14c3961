package store

import "syscall"

// lockFile opens the file without sharing it, so that another process cannot open it until this one ends.
func lockFile(path string) (release func() error, err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, because(ErrDSN, err, "the path of the database cannot be used")
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, locked(path, err)
	}
	return func() error { return syscall.CloseHandle(h) }, nil
}
