-- Changes nothing: the blobs of audit entries and instances may be packed from here on (store/packed.go), which older
-- releases cannot read, and a migration that they do not know keeps them away.
SELECT 1;
