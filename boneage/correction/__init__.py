"""A reader's corrections of one reading: bones whose ends were moved, parts left out, and the reader's own age."""
