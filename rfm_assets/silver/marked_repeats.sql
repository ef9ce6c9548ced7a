-- Delivered lines with the file of the same day or earlier that contains all lines of their file, if there is one.
SELECT delivered.*, overlapping_file.other_file AS repeats
FROM delivered
LEFT JOIN overlapping_file
    ON overlapping_file.processing_date = delivered.processing_date
    AND overlapping_file.source_file = delivered.source_file
    AND overlapping_file.other_date <= delivered.processing_date
