"""The drawings of the documents: drawn bones, measured, with the measured numbers as arrows."""
