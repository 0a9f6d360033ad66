"""The run of `nac batch`: from files, folders and pipes to one file of rows, going on where it was broken off."""
