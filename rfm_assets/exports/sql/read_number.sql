-- The number that a text means, without currency signs and codes, blanks and units; NULL if it means none.
CREATE OR REPLACE MACRO bare_number(text) AS
    regexp_replace(replace(text, chr(8722), '-'), '$around', '', 'g');

CREATE OR REPLACE MACRO grouped_number(bare) AS
    CASE
        WHEN regexp_full_match($digits, '[0-9]+[.]?[0-9]*[eE][+-]?[0-9]{1,3}')
            THEN TRY_CAST(TRY_CAST($digits AS DOUBLE) AS $type)
        WHEN regexp_full_match($digits, '([0-9]+[.]?[0-9]*|[.][0-9]+)')
            THEN TRY_CAST($digits AS $type)
    END;

CREATE OR REPLACE MACRO read_number(text) AS
    CASE
        WHEN regexp_full_match(text, '$plain') THEN TRY_CAST(text AS $type)
        WHEN text IS NOT NULL
            THEN
                CASE WHEN regexp_matches(bare_number(text), '^[-(]|-$') THEN -1 ELSE 1 END
                * grouped_number(regexp_replace(bare_number(text), '^[-(]+|[-)]+$', '', 'g'))
    END;
