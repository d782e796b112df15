-- What search reads: folded names, and the words of records. Triggers keep it in the transaction that
-- changes a record; see docs/search.md.

-- Similar names, for misspellings of more than one letter.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
-- What a folded name can be found by: its words; `^` and the first letter of each; `=` and two
-- neighbours written as one; and `~` with each word less one of its letters, which finds a word
-- that differs in one letter, as the words of a query lose one letter each, too (after
-- "Symmetric Delete" spelling correction by Wolf Garbe, 2012).
CREATE FUNCTION name_lexemes(folded text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  word text;
  previous text := '';
  found text := '';
BEGIN
  FOREACH word IN ARRAY string_to_array(left(folded, 500), ' ') LOOP
    word := left(word, 64);
    CONTINUE WHEN word = '';
    found := found || ' ' || word || ' ^' || left(word, 1);
    IF previous <> '' THEN found := found || ' =' || previous || word; END IF;
    IF length(word) >= 3 THEN
      FOR i IN 1 .. length(word) LOOP
        found := found || ' ~' || left(word, i - 1) || substr(word, i + 1);
      END LOOP;
    END IF;
    previous := word;
  END LOOP;
  RETURN array_to_tsvector(string_to_array(substr(found, 2), ' '));
END $$;
--> statement-breakpoint
-- Folding
--
-- foldName (src/knowledge/values/names.ts) folds names in the same way;
-- tests/discovery/search/folding.test.ts compares the two letter by letter. The character classes are
-- generated from the Unicode database. A literal over several lines is one literal.

-- "u.s.-led" becomes "us-led": a dot between two letters that stand alone does not end a word. The
-- input is in lower case already.
CREATE FUNCTION fold_initialisms(folded text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
  IF folded !~ '[a-zα-ωа-џґա-ֆა-ჰא-תء-ي]\.[a-zα-ωа-џґա-ֆა-ჰא-תء-ي]' THEN RETURN folded; END IF;
  RETURN regexp_replace(folded, '(?<![^\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4\u00b6-\u00b8\u00bb'
      '\u00bf\u00d7\u00f7\u02bb-\u02bd\u02c2-\u02c5\u02d2-\u02df\u02e5-\u02eb\u02ed-\u02ff\u0375\u037e\u0384\u0385'
      '\u0387\u03f6\u0482\u055a-\u055f\u0589\u058a\u058d-\u058f\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0606-\u060f'
      '\u061b\u061d-\u061f\u066a-\u066d\u06d4\u06de\u06e9\u06fd\u06fe\u0700-\u070d\u07f4-\u07f9\u07fe\u07ff\u0830-'
      '\u083e\u085e\u0888\u0964\u0965\u0970\u09f2\u09f3\u09fa\u09fb\u09fd\u0a76\u0af0\u0af1\u0b70\u0bf3-\u0bfa\u0c77'
      '\u0c7f\u0c84\u0d4f\u0d79\u0df4\u0e3f\u0e4f\u0e5a\u0e5b\u0f01-\u0f17\u0f1a-\u0f1f\u0f34\u0f36\u0f38\u0f3a-'
      '\u0f3d\u0f85\u0fbe-\u0fc5\u0fc7-\u0fcc\u0fce-\u0fda\u104a-\u104f\u109e\u109f\u10fb\u1360-\u1368\u1390-\u1399'
      '\u1400\u166d\u166e\u1680\u169b\u169c\u16eb-\u16ed\u1735\u1736\u17d4-\u17d6\u17d8-\u17db\u1800-\u180a\u1940'
      '\u1944\u1945\u19de-\u19ff\u1a1e\u1a1f\u1aa0-\u1aa6\u1aa8-\u1aad\u1b4e\u1b4f\u1b5a-\u1b6a\u1b74-\u1b7f\u1bfc-'
      '\u1bff\u1c3b-\u1c3f\u1c7e\u1c7f\u1cc0-\u1cc7\u1cd3\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed-\u1fef'
      '\u1ffd\u1ffe\u2000-\u200a\u2010-\u2029\u202f-\u205f\u207a-\u207e\u208a-\u208e\u20a0-\u20c1\u2100\u2101\u2103-'
      '\u2106\u2108\u2109\u2114\u2116-\u2118\u211e-\u2123\u2125\u2127\u2129\u212e\u213a\u213b\u2140-\u2144\u214a-'
      '\u214d\u214f\u218a\u218b\u2190-\u2429\u2440-\u244a\u249c-\u24e9\u2500-\u2775\u2794-\u2b73\u2b76-\u2bff\u2ce5-'
      '\u2cea\u2cf9-\u2cfc\u2cfe\u2cff\u2d70\u2e00-\u2e2e\u2e30-\u2e5d\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u2ff0-'
      '\u3004\u3008-\u3020\u3030\u3036\u3037\u303d-\u303f\u309b\u309c\u30a0\u30fb\u3190\u3191\u3196-\u319f\u31c0-'
      '\u31e5\u31ef\u3200-\u321e\u322a-\u3247\u3250\u3260-\u327f\u328a-\u32b0\u32c0-\u33ff\u4dc0-\u4dff\ua490-\ua4c6'
      '\ua4fe\ua4ff\ua60d-\ua60f\ua673\ua67e\ua6f2-\ua6f7\ua700-\ua716\ua720\ua721\ua789-\ua78c\ua828-\ua82b\ua836-'
      '\ua839\ua874-\ua877\ua8ce\ua8cf\ua8f8-\ua8fa\ua8fc\ua92e\ua92f\ua95f\ua9c1-\ua9cd\ua9de\ua9df\uaa5c-\uaa5f'
      '\uaa77-\uaa79\uaade\uaadf\uaaf0\uaaf1\uab5b\uab6a\uab6b\uabeb\ue000-\uf8ff\ufb29\ufbb2-\ufbd2\ufd3e-\ufd4f'
      '\ufd90\ufd91\ufdc8-\ufdcf\ufdfc-\ufdff\ufe10-\ufe19\ufe30-\ufe52\ufe54-\ufe66\ufe68-\ufe6b\uff01-\uff0f\uff1a-'
      '\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffe6\uffe8-\uffee\ufffc\ufffd\U00010100-\U00010102\U00010137-'
      '\U0001013f\U00010179-\U00010189\U0001018c-\U0001018e\U00010190-\U0001019c\U000101a0\U000101d0-\U000101fc'
      '\U0001039f\U000103d0\U0001056f\U00010857\U00010877\U00010878\U0001091f\U0001093f\U00010a50-\U00010a58'
      '\U00010a7f\U00010ac8\U00010af0-\U00010af6\U00010b39-\U00010b3f\U00010b99-\U00010b9c\U00010d6e\U00010d8e'
      '\U00010d8f\U00010ead\U00010ed0-\U00010ed8\U00010f55-\U00010f59\U00010f86-\U00010f89\U00011047-\U0001104d'
      '\U000110bb\U000110bc\U000110be-\U000110c1\U00011140-\U00011143\U00011174\U00011175\U000111c5-\U000111c8'
      '\U000111cd\U000111db\U000111dd-\U000111df\U00011238-\U0001123d\U000112a9\U000113d4\U000113d5\U000113d7'
      '\U000113d8\U0001144b-\U0001144f\U0001145a\U0001145b\U0001145d\U000114c6\U000115c1-\U000115d7\U00011641-'
      '\U00011643\U00011660-\U0001166c\U000116b9\U0001173c-\U0001173f\U0001183b\U00011944-\U00011946\U000119e2'
      '\U00011a3f-\U00011a46\U00011a9a-\U00011a9c\U00011a9e-\U00011aa2\U00011b00-\U00011b09\U00011be1\U00011c41-'
      '\U00011c45\U00011c70\U00011c71\U00011ef7\U00011ef8\U00011f43-\U00011f4f\U00011fd5-\U00011ff1\U00011fff'
      '\U00012470-\U00012474\U00012ff1\U00012ff2\U00016a6e\U00016a6f\U00016af5\U00016b37-\U00016b3f\U00016b44'
      '\U00016b45\U00016d6d-\U00016d6f\U00016e97-\U00016e9a\U00016fe2\U0001bc9c\U0001bc9f\U0001cc00-\U0001ccef'
      '\U0001ccfa-\U0001ccfc\U0001cd00-\U0001ceb3\U0001ceba-\U0001ced0\U0001cee0-\U0001cef0\U0001cf50-\U0001cfc3'
      '\U0001d000-\U0001d0f5\U0001d100-\U0001d126\U0001d129-\U0001d164\U0001d16a-\U0001d16c\U0001d183\U0001d184'
      '\U0001d18c-\U0001d1a9\U0001d1ae-\U0001d1ea\U0001d200-\U0001d241\U0001d245\U0001d300-\U0001d356\U0001d6c1'
      '\U0001d6db\U0001d6fb\U0001d715\U0001d735\U0001d74f\U0001d76f\U0001d789\U0001d7a9\U0001d7c3\U0001d800-'
      '\U0001d9ff\U0001da37-\U0001da3a\U0001da6d-\U0001da74\U0001da76-\U0001da83\U0001da85-\U0001da8b\U0001e14f'
      '\U0001e2ff\U0001e5ff\U0001e95e\U0001e95f\U0001ecac\U0001ecb0\U0001ed2e\U0001eef0\U0001eef1\U0001f000-'
      '\U0001f02b\U0001f030-\U0001f093\U0001f0a0-\U0001f0ae\U0001f0b1-\U0001f0bf\U0001f0c1-\U0001f0cf\U0001f0d1-'
      '\U0001f0f5\U0001f10d-\U0001f1ad\U0001f1e6-\U0001f202\U0001f210-\U0001f23b\U0001f240-\U0001f248\U0001f250'
      '\U0001f251\U0001f260-\U0001f265\U0001f300-\U0001f6d8\U0001f6dc-\U0001f6ec\U0001f6f0-\U0001f6fc\U0001f700-'
      '\U0001f7d9\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f800-\U0001f80b\U0001f810-\U0001f847\U0001f850-\U0001f859'
      '\U0001f860-\U0001f887\U0001f890-\U0001f8ad\U0001f8b0-\U0001f8bb\U0001f8c0\U0001f8c1\U0001f8d0-\U0001f8d8'
      '\U0001f900-\U0001fa57\U0001fa60-\U0001fa6d\U0001fa70-\U0001fa7c\U0001fa80-\U0001fa8a\U0001fa8e-\U0001fac6'
      '\U0001fac8\U0001facd-\U0001fadc\U0001fadf-\U0001faea\U0001faef-\U0001faf8\U0001fb00-\U0001fb92\U0001fb94-'
      '\U0001fbef\U0001fbfa\U000f0000-\U000ffffd\U00100000-\U0010fffd])([a-zα-ωа-џґա-ֆა-ჰא-תء-ي])\.(?=[a-zα-ωа-џґա-ֆა'
      '-ჰא-תء-ي](?![^\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4\u00b6-\u00b8'
      '\u00bb\u00bf\u00d7\u00f7\u02bb-\u02bd\u02c2-\u02c5\u02d2-\u02df\u02e5-\u02eb\u02ed-\u02ff\u0375\u037e\u0384'
      '\u0385\u0387\u03f6\u0482\u055a-\u055f\u0589\u058a\u058d-\u058f\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0606-'
      '\u060f\u061b\u061d-\u061f\u066a-\u066d\u06d4\u06de\u06e9\u06fd\u06fe\u0700-\u070d\u07f4-\u07f9\u07fe\u07ff'
      '\u0830-\u083e\u085e\u0888\u0964\u0965\u0970\u09f2\u09f3\u09fa\u09fb\u09fd\u0a76\u0af0\u0af1\u0b70\u0bf3-\u0bfa'
      '\u0c77\u0c7f\u0c84\u0d4f\u0d79\u0df4\u0e3f\u0e4f\u0e5a\u0e5b\u0f01-\u0f17\u0f1a-\u0f1f\u0f34\u0f36\u0f38\u0f3a'
      '-\u0f3d\u0f85\u0fbe-\u0fc5\u0fc7-\u0fcc\u0fce-\u0fda\u104a-\u104f\u109e\u109f\u10fb\u1360-\u1368\u1390-\u1399'
      '\u1400\u166d\u166e\u1680\u169b\u169c\u16eb-\u16ed\u1735\u1736\u17d4-\u17d6\u17d8-\u17db\u1800-\u180a\u1940'
      '\u1944\u1945\u19de-\u19ff\u1a1e\u1a1f\u1aa0-\u1aa6\u1aa8-\u1aad\u1b4e\u1b4f\u1b5a-\u1b6a\u1b74-\u1b7f\u1bfc-'
      '\u1bff\u1c3b-\u1c3f\u1c7e\u1c7f\u1cc0-\u1cc7\u1cd3\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed-\u1fef'
      '\u1ffd\u1ffe\u2000-\u200a\u2010-\u2029\u202f-\u205f\u207a-\u207e\u208a-\u208e\u20a0-\u20c1\u2100\u2101\u2103-'
      '\u2106\u2108\u2109\u2114\u2116-\u2118\u211e-\u2123\u2125\u2127\u2129\u212e\u213a\u213b\u2140-\u2144\u214a-'
      '\u214d\u214f\u218a\u218b\u2190-\u2429\u2440-\u244a\u249c-\u24e9\u2500-\u2775\u2794-\u2b73\u2b76-\u2bff\u2ce5-'
      '\u2cea\u2cf9-\u2cfc\u2cfe\u2cff\u2d70\u2e00-\u2e2e\u2e30-\u2e5d\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u2ff0-'
      '\u3004\u3008-\u3020\u3030\u3036\u3037\u303d-\u303f\u309b\u309c\u30a0\u30fb\u3190\u3191\u3196-\u319f\u31c0-'
      '\u31e5\u31ef\u3200-\u321e\u322a-\u3247\u3250\u3260-\u327f\u328a-\u32b0\u32c0-\u33ff\u4dc0-\u4dff\ua490-\ua4c6'
      '\ua4fe\ua4ff\ua60d-\ua60f\ua673\ua67e\ua6f2-\ua6f7\ua700-\ua716\ua720\ua721\ua789-\ua78c\ua828-\ua82b\ua836-'
      '\ua839\ua874-\ua877\ua8ce\ua8cf\ua8f8-\ua8fa\ua8fc\ua92e\ua92f\ua95f\ua9c1-\ua9cd\ua9de\ua9df\uaa5c-\uaa5f'
      '\uaa77-\uaa79\uaade\uaadf\uaaf0\uaaf1\uab5b\uab6a\uab6b\uabeb\ue000-\uf8ff\ufb29\ufbb2-\ufbd2\ufd3e-\ufd4f'
      '\ufd90\ufd91\ufdc8-\ufdcf\ufdfc-\ufdff\ufe10-\ufe19\ufe30-\ufe52\ufe54-\ufe66\ufe68-\ufe6b\uff01-\uff0f\uff1a-'
      '\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffe6\uffe8-\uffee\ufffc\ufffd\U00010100-\U00010102\U00010137-'
      '\U0001013f\U00010179-\U00010189\U0001018c-\U0001018e\U00010190-\U0001019c\U000101a0\U000101d0-\U000101fc'
      '\U0001039f\U000103d0\U0001056f\U00010857\U00010877\U00010878\U0001091f\U0001093f\U00010a50-\U00010a58'
      '\U00010a7f\U00010ac8\U00010af0-\U00010af6\U00010b39-\U00010b3f\U00010b99-\U00010b9c\U00010d6e\U00010d8e'
      '\U00010d8f\U00010ead\U00010ed0-\U00010ed8\U00010f55-\U00010f59\U00010f86-\U00010f89\U00011047-\U0001104d'
      '\U000110bb\U000110bc\U000110be-\U000110c1\U00011140-\U00011143\U00011174\U00011175\U000111c5-\U000111c8'
      '\U000111cd\U000111db\U000111dd-\U000111df\U00011238-\U0001123d\U000112a9\U000113d4\U000113d5\U000113d7'
      '\U000113d8\U0001144b-\U0001144f\U0001145a\U0001145b\U0001145d\U000114c6\U000115c1-\U000115d7\U00011641-'
      '\U00011643\U00011660-\U0001166c\U000116b9\U0001173c-\U0001173f\U0001183b\U00011944-\U00011946\U000119e2'
      '\U00011a3f-\U00011a46\U00011a9a-\U00011a9c\U00011a9e-\U00011aa2\U00011b00-\U00011b09\U00011be1\U00011c41-'
      '\U00011c45\U00011c70\U00011c71\U00011ef7\U00011ef8\U00011f43-\U00011f4f\U00011fd5-\U00011ff1\U00011fff'
      '\U00012470-\U00012474\U00012ff1\U00012ff2\U00016a6e\U00016a6f\U00016af5\U00016b37-\U00016b3f\U00016b44'
      '\U00016b45\U00016d6d-\U00016d6f\U00016e97-\U00016e9a\U00016fe2\U0001bc9c\U0001bc9f\U0001cc00-\U0001ccef'
      '\U0001ccfa-\U0001ccfc\U0001cd00-\U0001ceb3\U0001ceba-\U0001ced0\U0001cee0-\U0001cef0\U0001cf50-\U0001cfc3'
      '\U0001d000-\U0001d0f5\U0001d100-\U0001d126\U0001d129-\U0001d164\U0001d16a-\U0001d16c\U0001d183\U0001d184'
      '\U0001d18c-\U0001d1a9\U0001d1ae-\U0001d1ea\U0001d200-\U0001d241\U0001d245\U0001d300-\U0001d356\U0001d6c1'
      '\U0001d6db\U0001d6fb\U0001d715\U0001d735\U0001d74f\U0001d76f\U0001d789\U0001d7a9\U0001d7c3\U0001d800-'
      '\U0001d9ff\U0001da37-\U0001da3a\U0001da6d-\U0001da74\U0001da76-\U0001da83\U0001da85-\U0001da8b\U0001e14f'
      '\U0001e2ff\U0001e5ff\U0001e95e\U0001e95f\U0001ecac\U0001ecb0\U0001ed2e\U0001eef0\U0001eef1\U0001f000-'
      '\U0001f02b\U0001f030-\U0001f093\U0001f0a0-\U0001f0ae\U0001f0b1-\U0001f0bf\U0001f0c1-\U0001f0cf\U0001f0d1-'
      '\U0001f0f5\U0001f10d-\U0001f1ad\U0001f1e6-\U0001f202\U0001f210-\U0001f23b\U0001f240-\U0001f248\U0001f250'
      '\U0001f251\U0001f260-\U0001f265\U0001f300-\U0001f6d8\U0001f6dc-\U0001f6ec\U0001f6f0-\U0001f6fc\U0001f700-'
      '\U0001f7d9\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f800-\U0001f80b\U0001f810-\U0001f847\U0001f850-\U0001f859'
      '\U0001f860-\U0001f887\U0001f890-\U0001f8ad\U0001f8b0-\U0001f8bb\U0001f8c0\U0001f8c1\U0001f8d0-\U0001f8d8'
      '\U0001f900-\U0001fa57\U0001fa60-\U0001fa6d\U0001fa70-\U0001fa7c\U0001fa80-\U0001fa8a\U0001fa8e-\U0001fac6'
      '\U0001fac8\U0001facd-\U0001fadc\U0001fadf-\U0001faea\U0001faef-\U0001faf8\U0001fb00-\U0001fb92\U0001fb94-'
      '\U0001fbef\U0001fbfa\U000f0000-\U000ffffd\U00100000-\U0010fffd]))', '\1', 'g');
END $$;
--> statement-breakpoint
-- A text as it is compared: without accents, capitals and punctuation. Vowel signs, voicing marks and
-- the like are letters: only marks that readers leave out are dropped (accents, Hebrew and Arabic
-- points), with invisible characters and those that modify a letter (tatweel). What `lower` does beyond
-- ASCII depends on the locale, so capitals are translated here.
CREATE FUNCTION fold_text(given text, separators text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  folded text;
BEGIN
  -- A voicing mark that stands alone belongs to the letter before it.
  folded := normalize(translate(given, '゛゜', '゙゚'), NFKD);
  IF folded ~ '[^\u0001-\u007f]' THEN
    folded := regexp_replace(folded, '[\u00ad\u02b0-\u02ba\u02be-\u02c1\u02c6-\u02d1\u02e0-\u02e4\u02ec\u0300-\u036f\u0374\u0483-\u0489\u0559'
        '\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0600-\u0605\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670'
        '\u06d6-\u06dd\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u070f\u0711\u0730-\u074a\u07fa\u0816-\u0819\u081b-\u0823'
        '\u0825-\u0827\u0829-\u082d\u0890\u0891\u0897-\u089f\u08ca-\u08ff\u0951-\u0954\u180b-\u180f\u1ab0-\u1add'
        '\u1ae0-\u1aeb\u1cd0-\u1cd2\u1cd4-\u1ce8\u1ced\u1cf4\u1cf7-\u1cf9\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e'
        '\u2060-\u2064\u2066-\u206f\u20d0-\u20f0\u302a-\u302f\ua717-\ua71f\ua788\ufe00-\ufe0f\ufe20-\ufe2f\ufeff'
        '\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001'
        '\U000e0020-\U000e007f\U000e0100-\U000e01ef]+', '', 'g');
  END IF;
  folded := lower(folded COLLATE "C");
  IF folded ~ '[^\u0001-\u007f]' THEN
    IF folded ~ '[\u00c6\u00d0\u00d8\u00de\u00f0\u00f8\u0110\u0111\u0126\u0127\u0131\u0141\u0142\u0152\u0166\u0167\u1e9eßæœþ]' THEN
      folded := replace(replace(replace(replace(translate(folded,
        'ÆÐØÞĐĦŁŒŦẞłøđðıħŧ',
        'ædoþdhlœtßloddiht'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
    END IF;
    IF folded ~ '[\u0391-\u03a1\u03a3-\u03a9\u03c2]' THEN
      folded := translate(folded,
        'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩς',
        'αβγδεζηθικλμνξοπρστυφχψωσ');
    END IF;
    IF folded ~ '[\u0402\u0404-\u0406\u0408-\u040b\u040f-\u0418\u041a-\u042f\u0490]' THEN
      folded := translate(folded,
        'ЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҐ',
        'ђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюяґ');
    END IF;
    IF folded ~ '[\u014a\u0181\u0182\u0184\u0186\u0187\u0189-\u018b\u018e-\u0191\u0193\u0194\u0196-\u0198\u019c\u019d\u019f'
        '\u01a2\u01a4\u01a6\u01a7\u01a9\u01ac\u01ae\u01b1-\u01b3\u01b5\u01b7\u01b8\u01bc\u01e4\u01f6\u01f7\u021c'
        '\u0220\u0222\u0224\u023a\u023b\u023d\u023e\u0241\u0243-\u0246\u0248\u024a\u024c\u024e\u0370\u0372\u0376'
        '\u037f\u03cf\u03d8\u03da\u03dc\u03de\u03e0\u03e2\u03e4\u03e6\u03e8\u03ea\u03ec\u03ee\u03f7\u03fa\u03fd-'
        '\u03ff\u0460\u0462\u0464\u0466\u0468\u046a\u046c\u046e\u0470\u0472\u0474\u0478\u047a\u047c\u047e\u0480\u048a'
        '\u048c\u048e\u0492\u0494\u0496\u0498\u049a\u049c\u049e\u04a0\u04a2\u04a4\u04a6\u04a8\u04aa\u04ac\u04ae\u04b0'
        '\u04b2\u04b4\u04b6\u04b8\u04ba\u04bc\u04be\u04c0\u04c3\u04c5\u04c7\u04c9\u04cb\u04cd\u04d4\u04d8\u04e0\u04e8'
        '\u04f6\u04fa\u04fc\u04fe\u0500\u0502\u0504\u0506\u0508\u050a\u050c\u050e\u0510\u0512\u0514\u0516\u0518\u051a'
        '\u051c\u051e\u0520\u0522\u0524\u0526\u0528\u052a\u052c\u052e\u0531-\u0556\u10a0-\u10c5\u10c7\u10cd\u13a0-'
        '\u13f5\u1c89\u1c90-\u1cba\u1cbd-\u1cbf\u1efa\u1efc\u1efe\u2132\u2183\u2c00-\u2c2f\u2c60\u2c62-\u2c64\u2c67'
        '\u2c69\u2c6b\u2c6d-\u2c70\u2c72\u2c75\u2c7e-\u2c80\u2c82\u2c84\u2c86\u2c88\u2c8a\u2c8c\u2c8e\u2c90\u2c92'
        '\u2c94\u2c96\u2c98\u2c9a\u2c9c\u2c9e\u2ca0\u2ca2\u2ca4\u2ca6\u2ca8\u2caa\u2cac\u2cae\u2cb0\u2cb2\u2cb4\u2cb6'
        '\u2cb8\u2cba\u2cbc\u2cbe\u2cc0\u2cc2\u2cc4\u2cc6\u2cc8\u2cca\u2ccc\u2cce\u2cd0\u2cd2\u2cd4\u2cd6\u2cd8\u2cda'
        '\u2cdc\u2cde\u2ce0\u2ce2\u2ceb\u2ced\u2cf2\ua640\ua642\ua644\ua646\ua648\ua64a\ua64c\ua64e\ua650\ua652\ua654'
        '\ua656\ua658\ua65a\ua65c\ua65e\ua660\ua662\ua664\ua666\ua668\ua66a\ua66c\ua680\ua682\ua684\ua686\ua688\ua68a'
        '\ua68c\ua68e\ua690\ua692\ua694\ua696\ua698\ua69a\ua722\ua724\ua726\ua728\ua72a\ua72c\ua72e\ua732\ua734\ua736'
        '\ua738\ua73a\ua73c\ua73e\ua740\ua742\ua744\ua746\ua748\ua74a\ua74c\ua74e\ua750\ua752\ua754\ua756\ua758\ua75a'
        '\ua75c\ua75e\ua760\ua762\ua764\ua766\ua768\ua76a\ua76c\ua76e\ua779\ua77b\ua77d\ua77e\ua780\ua782\ua784\ua786'
        '\ua78d\ua790\ua792\ua796\ua798\ua79a\ua79c\ua79e\ua7a0\ua7a2\ua7a4\ua7a6\ua7a8\ua7aa-\ua7ae\ua7b0-\ua7b4'
        '\ua7b6\ua7b8\ua7ba\ua7bc\ua7be\ua7c0\ua7c2\ua7c4-\ua7c7\ua7c9\ua7cb\ua7cc\ua7ce\ua7d0\ua7d2\ua7d4\ua7d6'
        '\ua7d8\ua7da\ua7dc\ua7f5\U00010400-\U00010427\U000104b0-\U000104d3\U00010570-\U0001057a\U0001057c-\U0001058a'
        '\U0001058c-\U00010592\U00010594\U00010595\U00010c80-\U00010cb2\U00010d50-\U00010d65\U000118a0-\U000118bf'
        '\U00016e40-\U00016e5f\U00016ea0-\U00016eb8\U0001e900-\U0001e921]' THEN
      folded := translate(folded,
        'ŊƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƢƤƦƧƩƬƮƱƲƳƵƷƸƼǤǶǷȜȠȢȤȺȻȽȾɁɃɄɅɆɈɊɌɎͰͲͶͿϏϘϚϜϞϠϢϤϦϨϪϬϮϷϺϽϾϿѠѢѤѦѨѪѬѮѰѲѴѸѺѼѾҀҊҌҎҒҔҖҘҚҜҞҠ'
            'ҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӃӅӇӉӋӍӔӘӠӨӶӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖႠႡႢႣႤႥႦႧႨႩႪႫ'
            'ႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾႿჀჁჂჃჄჅჇჍᎠᎡᎢᎣᎤᎥᎦᎧᎨᎩᎪᎫᎬᎭᎮᎯᎰᎱᎲᎳᎴᎵᎶᎷᎸᎹᎺᎻᎼᎽᎾᎿᏀᏁᏂᏃᏄᏅᏆᏇᏈᏉᏊᏋᏌᏍᏎᏏᏐᏑᏒᏓᏔᏕᏖᏗᏘᏙᏚᏛᏜᏝᏞᏟᏠᏡᏢᏣᏤᏥᏦᏧᏨᏩᏪᏫ'
            'ᏬᏭᏮᏯᏰᏱᏲᏳᏴᏵᲉᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿỺỼỾℲↃⰀⰁⰂⰃⰄⰅⰆⰇⰈⰉⰊⰋⰌⰍⰎⰏⰐⰑⰒⰓⰔⰕⰖⰗⰘⰙⰚⰛⰜⰝⰞⰟⰠⰡⰢⰣⰤⰥⰦⰧⰨⰩ'
            'ⰪⰫⰬⰭⰮⰯⱠⱢⱣⱤⱧⱩⱫⱭⱮⱯⱰⱲⱵⱾⱿⲀⲂⲄⲆⲈⲊⲌⲎⲐⲒⲔⲖⲘⲚⲜⲞⲠⲢⲤⲦⲨⲪⲬⲮⲰⲲⲴⲶⲸⲺⲼⲾⳀⳂⳄⳆⳈⳊⳌⳎⳐⳒⳔⳖⳘⳚⳜⳞⳠⳢⳫⳭⳲꙀꙂꙄꙆꙈꙊꙌꙎꙐꙒꙔꙖꙘꙚꙜꙞꙠꙢꙤꙦꙨꙪꙬꚀꚂꚄꚆꚈꚊꚌ'
            'ꚎꚐꚒꚔꚖꚘꚚꜢꜤꜦꜨꜪꜬꜮꜲꜴꜶꜸꜺꜼꜾꝀꝂꝄꝆꝈꝊꝌꝎꝐꝒꝔꝖꝘꝚꝜꝞꝠꝢꝤꝦꝨꝪꝬꝮꝹꝻꝽꝾꞀꞂꞄꞆꞍꞐꞒꞖꞘꞚꞜꞞꞠꞢꞤꞦꞨꞪꞫꞬꞭꞮꞰꞱꞲꞳꞴꞶꞸꞺꞼꞾꟀꟂꟄꟅꟆꟇꟉꟋꟌ꟎Ꟑ꟒꟔ꟖꟘꟚꟜꟵ𐐀𐐁𐐂𐐃𐐄'
            '𐐅𐐆𐐇𐐈𐐉𐐊𐐋𐐌𐐍𐐎𐐏𐐐𐐑𐐒𐐓𐐔𐐕𐐖𐐗𐐘𐐙𐐚𐐛𐐜𐐝𐐞𐐟𐐠𐐡𐐢𐐣𐐤𐐥𐐦𐐧𐒰𐒱𐒲𐒳𐒴𐒵𐒶𐒷𐒸𐒹𐒺𐒻𐒼𐒽𐒾𐒿𐓀𐓁𐓂𐓃𐓄𐓅𐓆𐓇𐓈𐓉𐓊𐓋𐓌𐓍𐓎𐓏𐓐𐓑𐓒𐓓𐕰𐕱𐕲𐕳𐕴𐕵𐕶𐕷𐕸𐕹𐕺𐕼𐕽𐕾𐕿𐖀𐖁𐖂𐖃𐖄𐖅𐖆𐖇𐖈𐖉𐖊𐖌𐖍𐖎𐖏𐖐𐖑𐖒'
            '𐖔𐖕𐲀𐲁𐲂𐲃𐲄𐲅𐲆𐲇𐲈𐲉𐲊𐲋𐲌𐲍𐲎𐲏𐲐𐲑𐲒𐲓𐲔𐲕𐲖𐲗𐲘𐲙𐲚𐲛𐲜𐲝𐲞𐲟𐲠𐲡𐲢𐲣𐲤𐲥𐲦𐲧𐲨𐲩𐲪𐲫𐲬𐲭𐲮𐲯𐲰𐲱𐲲𐵐𐵑𐵒𐵓𐵔𐵕𐵖𐵗𐵘𐵙𐵚𐵛𐵜𐵝𐵞𐵟𐵠𐵡𐵢𐵣𐵤𐵥𑢠𑢡𑢢𑢣𑢤𑢥𑢦𑢧𑢨𑢩𑢪𑢫𑢬𑢭𑢮𑢯𑢰𑢱𑢲𑢳𑢴𑢵𑢶𑢷𑢸𑢹𑢺𑢻𑢼'
            '𑢽𑢾𑢿𖹀𖹁𖹂𖹃𖹄𖹅𖹆𖹇𖹈𖹉𖹊𖹋𖹌𖹍𖹎𖹏𖹐𖹑𖹒𖹓𖹔𖹕𖹖𖹗𖹘𖹙𖹚𖹛𖹜𖹝𖹞𖹟𖺠𖺡𖺢𖺣𖺤𖺥𖺦𖺧𖺨𖺩𖺪𖺫𖺬𖺭𖺮𖺯𖺰𖺱𖺲𖺳𖺴𖺵𖺶𖺷𖺸𞤀𞤁𞤂𞤃𞤄𞤅𞤆𞤇𞤈𞤉𞤊𞤋𞤌𞤍𞤎𞤏𞤐𞤑𞤒𞤓𞤔𞤕𞤖𞤗𞤘𞤙𞤚𞤛𞤜𞤝𞤞𞤟𞤠𞤡',
        'ŋɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵƣƥʀƨʃƭʈʊʋƴƶʒƹƽǥƕƿȝƞȣȥⱥȼƚⱦɂƀʉʌɇɉɋɍɏͱͳͷϳϗϙϛϝϟϡϣϥϧϩϫϭϯϸϻͻͼͽѡѣѥѧѩѫѭѯѱѳѵѹѻѽѿҁҋҍҏғҕҗҙқҝҟҡ'
            'ңҥҧҩҫҭүұҳҵҷҹһҽҿӏӄӆӈӊӌӎӕәӡөӷӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊⴋ'
            'ⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞⴟⴠⴡⴢⴣⴤⴥⴧⴭꭰꭱꭲꭳꭴꭵꭶꭷꭸꭹꭺꭻꭼꭽꭾꭿꮀꮁꮂꮃꮄꮅꮆꮇꮈꮉꮊꮋꮌꮍꮎꮏꮐꮑꮒꮓꮔꮕꮖꮗꮘꮙꮚꮛꮜꮝꮞꮟꮠꮡꮢꮣꮤꮥꮦꮧꮨꮩꮪꮫꮬꮭꮮꮯꮰꮱꮲꮳꮴꮵꮶꮷꮸꮹꮺꮻ'
            'ꮼꮽꮾꮿᏸᏹᏺᏻᏼᏽᲊაბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿỻỽỿⅎↄⰰⰱⰲⰳⰴⰵⰶⰷⰸⰹⰺⰻⰼⰽⰾⰿⱀⱁⱂⱃⱄⱅⱆⱇⱈⱉⱊⱋⱌⱍⱎⱏⱐⱑⱒⱓⱔⱕⱖⱗⱘⱙ'
            'ⱚⱛⱜⱝⱞⱟⱡɫᵽɽⱨⱪⱬɑɱɐɒⱳⱶȿɀⲁⲃⲅⲇⲉⲋⲍⲏⲑⲓⲕⲗⲙⲛⲝⲟⲡⲣⲥⲧⲩⲫⲭⲯⲱⲳⲵⲷⲹⲻⲽⲿⳁⳃⳅⳇⳉⳋⳍⳏⳑⳓⳕⳗⳙⳛⳝⳟⳡⳣⳬⳮⳳꙁꙃꙅꙇꙉꙋꙍꙏꙑꙓꙕꙗꙙꙛꙝꙟꙡꙣꙥꙧꙩꙫꙭꚁꚃꚅꚇꚉꚋꚍ'
            'ꚏꚑꚓꚕꚗꚙꚛꜣꜥꜧꜩꜫꜭꜯꜳꜵꜷꜹꜻꜽꜿꝁꝃꝅꝇꝉꝋꝍꝏꝑꝓꝕꝗꝙꝛꝝꝟꝡꝣꝥꝧꝩꝫꝭꝯꝺꝼᵹꝿꞁꞃꞅꞇɥꞑꞓꞗꞙꞛꞝꞟꞡꞣꞥꞧꞩɦɜɡɬɪʞʇʝꭓꞵꞷꞹꞻꞽꞿꟁꟃꞔʂᶎꟈꟊɤꟍ꟏ꟑꟓꟕꟗꟙꟛƛꟶ𐐨𐐩𐐪𐐫𐐬'
            '𐐭𐐮𐐯𐐰𐐱𐐲𐐳𐐴𐐵𐐶𐐷𐐸𐐹𐐺𐐻𐐼𐐽𐐾𐐿𐑀𐑁𐑂𐑃𐑄𐑅𐑆𐑇𐑈𐑉𐑊𐑋𐑌𐑍𐑎𐑏𐓘𐓙𐓚𐓛𐓜𐓝𐓞𐓟𐓠𐓡𐓢𐓣𐓤𐓥𐓦𐓧𐓨𐓩𐓪𐓫𐓬𐓭𐓮𐓯𐓰𐓱𐓲𐓳𐓴𐓵𐓶𐓷𐓸𐓹𐓺𐓻𐖗𐖘𐖙𐖚𐖛𐖜𐖝𐖞𐖟𐖠𐖡𐖣𐖤𐖥𐖦𐖧𐖨𐖩𐖪𐖫𐖬𐖭𐖮𐖯𐖰𐖱𐖳𐖴𐖵𐖶𐖷𐖸𐖹'
            '𐖻𐖼𐳀𐳁𐳂𐳃𐳄𐳅𐳆𐳇𐳈𐳉𐳊𐳋𐳌𐳍𐳎𐳏𐳐𐳑𐳒𐳓𐳔𐳕𐳖𐳗𐳘𐳙𐳚𐳛𐳜𐳝𐳞𐳟𐳠𐳡𐳢𐳣𐳤𐳥𐳦𐳧𐳨𐳩𐳪𐳫𐳬𐳭𐳮𐳯𐳰𐳱𐳲𐵰𐵱𐵲𐵳𐵴𐵵𐵶𐵷𐵸𐵹𐵺𐵻𐵼𐵽𐵾𐵿𐶀𐶁𐶂𐶃𐶄𐶅𑣀𑣁𑣂𑣃𑣄𑣅𑣆𑣇𑣈𑣉𑣊𑣋𑣌𑣍𑣎𑣏𑣐𑣑𑣒𑣓𑣔𑣕𑣖𑣗𑣘𑣙𑣚𑣛𑣜'
            '𑣝𑣞𑣟𖹠𖹡𖹢𖹣𖹤𖹥𖹦𖹧𖹨𖹩𖹪𖹫𖹬𖹭𖹮𖹯𖹰𖹱𖹲𖹳𖹴𖹵𖹶𖹷𖹸𖹹𖹺𖹻𖹼𖹽𖹾𖹿𖺻𖺼𖺽𖺾𖺿𖻀𖻁𖻂𖻃𖻄𖻅𖻆𖻇𖻈𖻉𖻊𖻋𖻌𖻍𖻎𖻏𖻐𖻑𖻒𖻓𞤢𞤣𞤤𞤥𞤦𞤧𞤨𞤩𞤪𞤫𞤬𞤭𞤮𞤯𞤰𞤱𞤲𞤳𞤴𞤵𞤶𞤷𞤸𞤹𞤺𞤻𞤼𞤽𞤾𞤿𞥀𞥁𞥂𞥃');
    END IF;
  END IF;
  RETURN regexp_replace(fold_initialisms(folded), separators, ' ', 'g');
END $$;
--> statement-breakpoint
-- A name as it is sorted and compared. Kana and its voicing mark are one letter; Hangul stays in parts,
-- as a syllable that is half typed begins the whole one.
CREATE FUNCTION fold_name(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  folded text;
  letter text;
BEGIN
  IF given !~ '[^a-z0-9 ]' THEN RETURN btrim(regexp_replace(given, ' +', ' ', 'g')); END IF;
  folded := btrim(fold_text(given, '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf'
      '\u00d7\u00f7\u02bb-\u02bd\u02c2-\u02c5\u02d2-\u02df\u02e5-\u02eb\u02ed-\u02ff\u0375\u037e\u0384\u0385\u0387'
      '\u03f6\u0482\u055a-\u055f\u0589\u058a\u058d-\u058f\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0606-\u060f\u061b'
      '\u061d-\u061f\u066a-\u066d\u06d4\u06de\u06e9\u06fd\u06fe\u0700-\u070d\u07f4-\u07f9\u07fe\u07ff\u0830-\u083e'
      '\u085e\u0888\u0964\u0965\u0970\u09f2\u09f3\u09fa\u09fb\u09fd\u0a76\u0af0\u0af1\u0b70\u0bf3-\u0bfa\u0c77\u0c7f'
      '\u0c84\u0d4f\u0d79\u0df4\u0e3f\u0e4f\u0e5a\u0e5b\u0f01-\u0f17\u0f1a-\u0f1f\u0f34\u0f36\u0f38\u0f3a-\u0f3d'
      '\u0f85\u0fbe-\u0fc5\u0fc7-\u0fcc\u0fce-\u0fda\u104a-\u104f\u109e\u109f\u10fb\u1360-\u1368\u1390-\u1399\u1400'
      '\u166d\u166e\u1680\u169b\u169c\u16eb-\u16ed\u1735\u1736\u17d4-\u17d6\u17d8-\u17db\u1800-\u180a\u1940\u1944'
      '\u1945\u19de-\u19ff\u1a1e\u1a1f\u1aa0-\u1aa6\u1aa8-\u1aad\u1b4e\u1b4f\u1b5a-\u1b6a\u1b74-\u1b7f\u1bfc-\u1bff'
      '\u1c3b-\u1c3f\u1c7e\u1c7f\u1cc0-\u1cc7\u1cd3\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed-\u1fef\u1ffd'
      '\u1ffe\u2000-\u200a\u2010-\u2029\u202f-\u205f\u207a-\u207e\u208a-\u208e\u20a0-\u20c1\u2100\u2101\u2103-\u2106'
      '\u2108\u2109\u2114\u2116-\u2118\u211e-\u2123\u2125\u2127\u2129\u212e\u213a\u213b\u2140-\u2144\u214a-\u214d'
      '\u214f\u218a\u218b\u2190-\u2429\u2440-\u244a\u249c-\u24e9\u2500-\u2775\u2794-\u2b73\u2b76-\u2bff\u2ce5-\u2cea'
      '\u2cf9-\u2cfc\u2cfe\u2cff\u2d70\u2e00-\u2e2e\u2e30-\u2e5d\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u2ff0-\u3004'
      '\u3008-\u3020\u3030\u3036\u3037\u303d-\u303f\u309b\u309c\u30a0\u30fb\u3190\u3191\u3196-\u319f\u31c0-\u31e5'
      '\u31ef\u3200-\u321e\u322a-\u3247\u3250\u3260-\u327f\u328a-\u32b0\u32c0-\u33ff\u4dc0-\u4dff\ua490-\ua4c6\ua4fe'
      '\ua4ff\ua60d-\ua60f\ua673\ua67e\ua6f2-\ua6f7\ua700-\ua716\ua720\ua721\ua789-\ua78c\ua828-\ua82b\ua836-\ua839'
      '\ua874-\ua877\ua8ce\ua8cf\ua8f8-\ua8fa\ua8fc\ua92e\ua92f\ua95f\ua9c1-\ua9cd\ua9de\ua9df\uaa5c-\uaa5f\uaa77-'
      '\uaa79\uaade\uaadf\uaaf0\uaaf1\uab5b\uab6a\uab6b\uabeb\ue000-\uf8ff\ufb29\ufbb2-\ufbd2\ufd3e-\ufd4f\ufd90'
      '\ufd91\ufdc8-\ufdcf\ufdfc-\ufdff\ufe10-\ufe19\ufe30-\ufe52\ufe54-\ufe66\ufe68-\ufe6b\uff01-\uff0f\uff1a-\uff20'
      '\uff3b-\uff40\uff5b-\uff65\uffe0-\uffe6\uffe8-\uffee\ufffc\ufffd\U00010100-\U00010102\U00010137-\U0001013f'
      '\U00010179-\U00010189\U0001018c-\U0001018e\U00010190-\U0001019c\U000101a0\U000101d0-\U000101fc\U0001039f'
      '\U000103d0\U0001056f\U00010857\U00010877\U00010878\U0001091f\U0001093f\U00010a50-\U00010a58\U00010a7f'
      '\U00010ac8\U00010af0-\U00010af6\U00010b39-\U00010b3f\U00010b99-\U00010b9c\U00010d6e\U00010d8e\U00010d8f'
      '\U00010ead\U00010ed0-\U00010ed8\U00010f55-\U00010f59\U00010f86-\U00010f89\U00011047-\U0001104d\U000110bb'
      '\U000110bc\U000110be-\U000110c1\U00011140-\U00011143\U00011174\U00011175\U000111c5-\U000111c8\U000111cd'
      '\U000111db\U000111dd-\U000111df\U00011238-\U0001123d\U000112a9\U000113d4\U000113d5\U000113d7\U000113d8'
      '\U0001144b-\U0001144f\U0001145a\U0001145b\U0001145d\U000114c6\U000115c1-\U000115d7\U00011641-\U00011643'
      '\U00011660-\U0001166c\U000116b9\U0001173c-\U0001173f\U0001183b\U00011944-\U00011946\U000119e2\U00011a3f-'
      '\U00011a46\U00011a9a-\U00011a9c\U00011a9e-\U00011aa2\U00011b00-\U00011b09\U00011be1\U00011c41-\U00011c45'
      '\U00011c70\U00011c71\U00011ef7\U00011ef8\U00011f43-\U00011f4f\U00011fd5-\U00011ff1\U00011fff\U00012470-'
      '\U00012474\U00012ff1\U00012ff2\U00016a6e\U00016a6f\U00016af5\U00016b37-\U00016b3f\U00016b44\U00016b45'
      '\U00016d6d-\U00016d6f\U00016e97-\U00016e9a\U00016fe2\U0001bc9c\U0001bc9f\U0001cc00-\U0001ccef\U0001ccfa-'
      '\U0001ccfc\U0001cd00-\U0001ceb3\U0001ceba-\U0001ced0\U0001cee0-\U0001cef0\U0001cf50-\U0001cfc3\U0001d000-'
      '\U0001d0f5\U0001d100-\U0001d126\U0001d129-\U0001d164\U0001d16a-\U0001d16c\U0001d183\U0001d184\U0001d18c-'
      '\U0001d1a9\U0001d1ae-\U0001d1ea\U0001d200-\U0001d241\U0001d245\U0001d300-\U0001d356\U0001d6c1\U0001d6db'
      '\U0001d6fb\U0001d715\U0001d735\U0001d74f\U0001d76f\U0001d789\U0001d7a9\U0001d7c3\U0001d800-\U0001d9ff'
      '\U0001da37-\U0001da3a\U0001da6d-\U0001da74\U0001da76-\U0001da83\U0001da85-\U0001da8b\U0001e14f\U0001e2ff'
      '\U0001e5ff\U0001e95e\U0001e95f\U0001ecac\U0001ecb0\U0001ed2e\U0001eef0\U0001eef1\U0001f000-\U0001f02b'
      '\U0001f030-\U0001f093\U0001f0a0-\U0001f0ae\U0001f0b1-\U0001f0bf\U0001f0c1-\U0001f0cf\U0001f0d1-\U0001f0f5'
      '\U0001f10d-\U0001f1ad\U0001f1e6-\U0001f202\U0001f210-\U0001f23b\U0001f240-\U0001f248\U0001f250\U0001f251'
      '\U0001f260-\U0001f265\U0001f300-\U0001f6d8\U0001f6dc-\U0001f6ec\U0001f6f0-\U0001f6fc\U0001f700-\U0001f7d9'
      '\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f800-\U0001f80b\U0001f810-\U0001f847\U0001f850-\U0001f859\U0001f860-'
      '\U0001f887\U0001f890-\U0001f8ad\U0001f8b0-\U0001f8bb\U0001f8c0\U0001f8c1\U0001f8d0-\U0001f8d8\U0001f900-'
      '\U0001fa57\U0001fa60-\U0001fa6d\U0001fa70-\U0001fa7c\U0001fa80-\U0001fa8a\U0001fa8e-\U0001fac6\U0001fac8'
      '\U0001facd-\U0001fadc\U0001fadf-\U0001faea\U0001faef-\U0001faf8\U0001fb00-\U0001fb92\U0001fb94-\U0001fbef'
      '\U0001fbfa\U000f0000-\U000ffffd\U00100000-\U0010fffd]+'));
  IF folded ~ '[\u3099\u309a]' THEN
    FOREACH letter IN ARRAY string_to_array('が ぎ ぐ げ ご ざ じ ず ぜ ぞ だ ぢ づ で ど ば ぱ び ぴ ぶ ぷ べ ぺ ぼ ぽ ゔ ゞ ガ ギ グ ゲ ゴ ザ ジ ズ ゼ ゾ ダ ヂ ヅ デ ド バ パ ビ ピ ブ プ ベ ペ ボ ポ ヴ ヷ '
        'ヸ ヹ ヺ ヾ', ' ') LOOP
      folded := replace(folded, normalize(letter, NFD), letter);
    END LOOP;
  END IF;
  RETURN folded;
END $$;
--> statement-breakpoint
-- A text for full-text search. PostgreSQL's parser makes one word of "and/or", "U.S." and "a@b.c", and,
-- depending on the locale, of letters with other signs between them; so everything that is not a letter
-- becomes a space, and each character of a script that is written without spaces becomes a word.
CREATE FUNCTION search_fold(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  folded text;
BEGIN
  -- Most texts have nothing to fold but punctuation; one look finds these.
  IF given !~ '[^\u0001-\u007f\u00a0\u00ab\u00bb\u2010-\u2026\u20ac]' THEN
    RETURN regexp_replace(fold_initialisms(lower(given COLLATE "C")), '[-./_@&<>~?=#%+:;*$^|`{}\[\]\\\u00a0\u00ab\u00bb\u2010-\u2026\u20ac]+', ' ', 'g');
  END IF;
  folded := normalize(fold_text(given, '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u0023-\u0026\u002a\u002b\u002d-\u002f\u003a-\u0040\u005b-\u0060\u007b-'
      '\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u02bb-\u02bd\u02c2-\u02c5\u02d2-'
      '\u02df\u02e5-\u02eb\u02ed-\u02ff\u0375\u037e\u0384\u0385\u0387\u03f6\u0482\u055a-\u055f\u0589\u058a\u058d-'
      '\u058f\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0606-\u060f\u061b\u061d-\u061f\u066a-\u066d\u06d4\u06de\u06e9'
      '\u06fd\u06fe\u0700-\u070d\u07f4-\u07f9\u07fe\u07ff\u0830-\u083e\u085e\u0888\u0964\u0965\u0970\u09f2\u09f3'
      '\u09fa\u09fb\u09fd\u0a76\u0af0\u0af1\u0b70\u0bf3-\u0bfa\u0c77\u0c7f\u0c84\u0d4f\u0d79\u0df4\u0e3f\u0e4f\u0e5a'
      '\u0e5b\u0f01-\u0f17\u0f1a-\u0f1f\u0f34\u0f36\u0f38\u0f3a-\u0f3d\u0f85\u0fbe-\u0fc5\u0fc7-\u0fcc\u0fce-\u0fda'
      '\u104a-\u104f\u109e\u109f\u10fb\u1360-\u1368\u1390-\u1399\u1400\u166d\u166e\u1680\u169b\u169c\u16eb-\u16ed'
      '\u1735\u1736\u17d4-\u17d6\u17d8-\u17db\u1800-\u180a\u1940\u1944\u1945\u19de-\u19ff\u1a1e\u1a1f\u1aa0-\u1aa6'
      '\u1aa8-\u1aad\u1b4e\u1b4f\u1b5a-\u1b6a\u1b74-\u1b7f\u1bfc-\u1bff\u1c3b-\u1c3f\u1c7e\u1c7f\u1cc0-\u1cc7\u1cd3'
      '\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed-\u1fef\u1ffd\u1ffe\u2000-\u200a\u2010-\u2029\u202f-\u205f'
      '\u207a-\u207e\u208a-\u208e\u20a0-\u20c1\u2100\u2101\u2103-\u2106\u2108\u2109\u2114\u2116-\u2118\u211e-\u2123'
      '\u2125\u2127\u2129\u212e\u213a\u213b\u2140-\u2144\u214a-\u214d\u214f\u218a\u218b\u2190-\u2429\u2440-\u244a'
      '\u249c-\u24e9\u2500-\u2775\u2794-\u2b73\u2b76-\u2bff\u2ce5-\u2cea\u2cf9-\u2cfc\u2cfe\u2cff\u2d70\u2e00-\u2e2e'
      '\u2e30-\u2e5d\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u2ff0-\u3004\u3008-\u3020\u3030\u3036\u3037\u303d-\u303f'
      '\u309b\u309c\u30a0\u30fb\u3190\u3191\u3196-\u319f\u31c0-\u31e5\u31ef\u3200-\u321e\u322a-\u3247\u3250\u3260-'
      '\u327f\u328a-\u32b0\u32c0-\u33ff\u4dc0-\u4dff\ua490-\ua4c6\ua4fe\ua4ff\ua60d-\ua60f\ua673\ua67e\ua6f2-\ua6f7'
      '\ua700-\ua716\ua720\ua721\ua789-\ua78c\ua828-\ua82b\ua836-\ua839\ua874-\ua877\ua8ce\ua8cf\ua8f8-\ua8fa\ua8fc'
      '\ua92e\ua92f\ua95f\ua9c1-\ua9cd\ua9de\ua9df\uaa5c-\uaa5f\uaa77-\uaa79\uaade\uaadf\uaaf0\uaaf1\uab5b\uab6a'
      '\uab6b\uabeb\ue000-\uf8ff\ufb29\ufbb2-\ufbd2\ufd3e-\ufd4f\ufd90\ufd91\ufdc8-\ufdcf\ufdfc-\ufdff\ufe10-\ufe19'
      '\ufe30-\ufe52\ufe54-\ufe66\ufe68-\ufe6b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffe6\uffe8'
      '-\uffee\ufffc\ufffd\U00010100-\U00010102\U00010137-\U0001013f\U00010179-\U00010189\U0001018c-\U0001018e'
      '\U00010190-\U0001019c\U000101a0\U000101d0-\U000101fc\U0001039f\U000103d0\U0001056f\U00010857\U00010877'
      '\U00010878\U0001091f\U0001093f\U00010a50-\U00010a58\U00010a7f\U00010ac8\U00010af0-\U00010af6\U00010b39-'
      '\U00010b3f\U00010b99-\U00010b9c\U00010d6e\U00010d8e\U00010d8f\U00010ead\U00010ed0-\U00010ed8\U00010f55-'
      '\U00010f59\U00010f86-\U00010f89\U00011047-\U0001104d\U000110bb\U000110bc\U000110be-\U000110c1\U00011140-'
      '\U00011143\U00011174\U00011175\U000111c5-\U000111c8\U000111cd\U000111db\U000111dd-\U000111df\U00011238-'
      '\U0001123d\U000112a9\U000113d4\U000113d5\U000113d7\U000113d8\U0001144b-\U0001144f\U0001145a\U0001145b'
      '\U0001145d\U000114c6\U000115c1-\U000115d7\U00011641-\U00011643\U00011660-\U0001166c\U000116b9\U0001173c-'
      '\U0001173f\U0001183b\U00011944-\U00011946\U000119e2\U00011a3f-\U00011a46\U00011a9a-\U00011a9c\U00011a9e-'
      '\U00011aa2\U00011b00-\U00011b09\U00011be1\U00011c41-\U00011c45\U00011c70\U00011c71\U00011ef7\U00011ef8'
      '\U00011f43-\U00011f4f\U00011fd5-\U00011ff1\U00011fff\U00012470-\U00012474\U00012ff1\U00012ff2\U00016a6e'
      '\U00016a6f\U00016af5\U00016b37-\U00016b3f\U00016b44\U00016b45\U00016d6d-\U00016d6f\U00016e97-\U00016e9a'
      '\U00016fe2\U0001bc9c\U0001bc9f\U0001cc00-\U0001ccef\U0001ccfa-\U0001ccfc\U0001cd00-\U0001ceb3\U0001ceba-'
      '\U0001ced0\U0001cee0-\U0001cef0\U0001cf50-\U0001cfc3\U0001d000-\U0001d0f5\U0001d100-\U0001d126\U0001d129-'
      '\U0001d164\U0001d16a-\U0001d16c\U0001d183\U0001d184\U0001d18c-\U0001d1a9\U0001d1ae-\U0001d1ea\U0001d200-'
      '\U0001d241\U0001d245\U0001d300-\U0001d356\U0001d6c1\U0001d6db\U0001d6fb\U0001d715\U0001d735\U0001d74f'
      '\U0001d76f\U0001d789\U0001d7a9\U0001d7c3\U0001d800-\U0001d9ff\U0001da37-\U0001da3a\U0001da6d-\U0001da74'
      '\U0001da76-\U0001da83\U0001da85-\U0001da8b\U0001e14f\U0001e2ff\U0001e5ff\U0001e95e\U0001e95f\U0001ecac'
      '\U0001ecb0\U0001ed2e\U0001eef0\U0001eef1\U0001f000-\U0001f02b\U0001f030-\U0001f093\U0001f0a0-\U0001f0ae'
      '\U0001f0b1-\U0001f0bf\U0001f0c1-\U0001f0cf\U0001f0d1-\U0001f0f5\U0001f10d-\U0001f1ad\U0001f1e6-\U0001f202'
      '\U0001f210-\U0001f23b\U0001f240-\U0001f248\U0001f250\U0001f251\U0001f260-\U0001f265\U0001f300-\U0001f6d8'
      '\U0001f6dc-\U0001f6ec\U0001f6f0-\U0001f6fc\U0001f700-\U0001f7d9\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f800-'
      '\U0001f80b\U0001f810-\U0001f847\U0001f850-\U0001f859\U0001f860-\U0001f887\U0001f890-\U0001f8ad\U0001f8b0-'
      '\U0001f8bb\U0001f8c0\U0001f8c1\U0001f8d0-\U0001f8d8\U0001f900-\U0001fa57\U0001fa60-\U0001fa6d\U0001fa70-'
      '\U0001fa7c\U0001fa80-\U0001fa8a\U0001fa8e-\U0001fac6\U0001fac8\U0001facd-\U0001fadc\U0001fadf-\U0001faea'
      '\U0001faef-\U0001faf8\U0001fb00-\U0001fb92\U0001fb94-\U0001fbef\U0001fbfa\U000f0000-\U000ffffd\U00100000-'
      '\U0010fffd]+'), NFC);
  IF folded ~ '[\u0e01-\u0e30\u0e32\u0e40-\u0e46\u0e81\u0e82\u0e84\u0e86-\u0e8a\u0e8c-\u0ea3\u0ea5\u0ea7-\u0eb0\u0eb2\u0ebd'
      '\u0ec0-\u0ec4\u0ec6\u0ede\u0edf\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070'
      '\u1075-\u1081\u108e\u1100-\u11ff\u1780-\u17b3\u17d7\u17dc\u17f0-\u17f9\u3005\u3007\u3021-\u3029\u303b\u3041-'
      '\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff'
      '\ua960-\ua97c\ua9e0-\ua9e4\ua9e6-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a\uaa7e\uaa7f\uac00-\ud7a3\ud7b0-\ud7c6'
      '\ud7cb-\ud7fb\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27-\ufa29\U00016fe3\U00016ff2-'
      '\U00016ff6\U0001aff0-\U0001aff3\U0001aff5-\U0001affb\U0001affd\U0001affe\U0001b000-\U0001b122\U0001b132'
      '\U0001b150-\U0001b152\U0001b155\U0001b164-\U0001b167\U00020000-\U0002a6df\U0002a700-\U0002b81d\U0002b820-'
      '\U0002cead\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d\U00030000-\U0003134a\U00031350-\U00033479]' THEN
    folded := regexp_replace(folded, '([\u0e01-\u0e30\u0e32\u0e40-\u0e46\u0e81\u0e82\u0e84\u0e86-\u0e8a\u0e8c-\u0ea3\u0ea5\u0ea7-\u0eb0\u0eb2'
        '\u0ebd\u0ec0-\u0ec4\u0ec6\u0ede\u0edf\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-'
        '\u1070\u1075-\u1081\u108e\u1100-\u11ff\u1780-\u17b3\u17d7\u17dc\u17f0-\u17f9\u3005\u3007\u3021-\u3029\u303b'
        '\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf'
        '\u4e00-\u9fff\ua960-\ua97c\ua9e0-\ua9e4\ua9e6-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a\uaa7e\uaa7f\uac00-'
        '\ud7a3\ud7b0-\ud7c6\ud7cb-\ud7fb\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27-\ufa29'
        '\U00016fe3\U00016ff2-\U00016ff6\U0001aff0-\U0001aff3\U0001aff5-\U0001affb\U0001affd\U0001affe\U0001b000-'
        '\U0001b122\U0001b132\U0001b150-\U0001b152\U0001b155\U0001b164-\U0001b167\U00020000-\U0002a6df\U0002a700-'
        '\U0002b81d\U0002b820-\U0002cead\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d\U00030000-\U0003134a\U00031350-'
        '\U00033479][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u105e'
        '-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u17b4-\u17d3\u17dd\u3099'
        '\u309a\ua9e5\uaa7b-\uaa7d\U00016ff0\U00016ff1]*)', ' \1 ', 'g');
  END IF;
  RETURN folded;
END $$;
--> statement-breakpoint
-- PostgreSQL's name for the text search configuration of a language, `simple` where it has none.
CREATE FUNCTION search_config(language text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE split_part(lower(language), '-', 1)
  WHEN 'ar' THEN 'arabic' WHEN 'hy' THEN 'armenian' WHEN 'eu' THEN 'basque' WHEN 'ca' THEN 'catalan'
  WHEN 'da' THEN 'danish' WHEN 'nl' THEN 'dutch' WHEN 'en' THEN 'english' WHEN 'fi' THEN 'finnish'
  WHEN 'fr' THEN 'french' WHEN 'de' THEN 'german' WHEN 'el' THEN 'greek' WHEN 'hi' THEN 'hindi'
  WHEN 'hu' THEN 'hungarian' WHEN 'id' THEN 'indonesian' WHEN 'ga' THEN 'irish' WHEN 'it' THEN 'italian'
  WHEN 'lt' THEN 'lithuanian' WHEN 'ne' THEN 'nepali' WHEN 'no' THEN 'norwegian' WHEN 'nb' THEN 'norwegian'
  WHEN 'nn' THEN 'norwegian' WHEN 'pt' THEN 'portuguese' WHEN 'ro' THEN 'romanian' WHEN 'ru' THEN 'russian'
  WHEN 'sr' THEN 'serbian' WHEN 'es' THEN 'spanish' WHEN 'sv' THEN 'swedish' WHEN 'ta' THEN 'tamil'
  WHEN 'tr' THEN 'turkish' WHEN 'yi' THEN 'yiddish' ELSE 'simple' END;
--> statement-breakpoint
-- The words of a text, with a weight from A to D. A missing text has none.
CREATE FUNCTION search_words(config text, given text, weight "char") RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE
RETURN setweight(to_tsvector(config::regconfig, search_fold(coalesce(given, ''))), weight);
--> statement-breakpoint
-- The word that stands for an entity in the documents of the records that are linked to it, so that
-- they are found by any of its names.
CREATE FUNCTION search_entity(id uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN '@' || replace(id::text, '-', '');
--> statement-breakpoint
-- Tables, as drizzle-kit generates them from src/database/tables/search.ts.

CREATE TYPE "search_type" AS ENUM('ARTICLE', 'STATEMENT', 'ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE', 'POSITION');--> statement-breakpoint
CREATE TABLE "search_document" (
	"id" uuid PRIMARY KEY,
	"type" "search_type" NOT NULL,
	"date" date NOT NULL,
	"organization_id" uuid,
	"config" text NOT NULL,
	"live" boolean NOT NULL,
	"words" tsvector NOT NULL,
	"cut_at" integer
);
--> statement-breakpoint
CREATE TABLE "search_name" (
	"entity_id" uuid,
	"type" "entity_type" NOT NULL,
	"name" text NOT NULL,
	"sort_name" text collate "C",
	"kind" "name_kind",
	"former" boolean NOT NULL,
	"live" boolean NOT NULL,
	"prominence" smallint DEFAULT 0 NOT NULL,
	"lexemes" tsvector GENERATED ALWAYS AS (name_lexemes(sort_name)) STORED NOT NULL,
	CONSTRAINT "search_name_pkey" PRIMARY KEY("entity_id","sort_name")
);
--> statement-breakpoint
CREATE TABLE "search_part" (
	"article_id" uuid,
	"start" integer,
	"length" integer NOT NULL,
	"words" tsvector NOT NULL,
	CONSTRAINT "search_part_pkey" PRIMARY KEY("article_id","start")
);
--> statement-breakpoint
CREATE INDEX "search_document_text_index" ON "search_document" USING gin ("words") WHERE live and type in ('ARTICLE', 'STATEMENT');--> statement-breakpoint
CREATE INDEX "search_document_entity_index" ON "search_document" USING gin ("words") WHERE live and type not in ('ARTICLE', 'STATEMENT', 'POSITION');--> statement-breakpoint
CREATE INDEX "search_document_position_index" ON "search_document" USING gin ("words") WHERE live and type = 'POSITION';--> statement-breakpoint
CREATE INDEX "search_document_date_index" ON "search_document" ("date","id") WHERE live and type in ('ARTICLE', 'STATEMENT');--> statement-breakpoint
CREATE INDEX "search_document_config_index" ON "search_document" ("config");--> statement-breakpoint
CREATE INDEX "search_name_lexemes_index" ON "search_name" USING gin ("lexemes") WHERE live;--> statement-breakpoint
CREATE INDEX "search_name_trigram_index" ON "search_name" USING gin ("sort_name" gin_trgm_ops) WHERE live;--> statement-breakpoint
CREATE INDEX "search_name_prominence_index" ON "search_name" ("prominence","entity_id","sort_name","type") WHERE live;--> statement-breakpoint
CREATE INDEX "search_part_words_index" ON "search_part" USING gin ("words");
--> statement-breakpoint
-- Documents

-- The names of entities: equal ones in other spellings are one row, the main name first.
CREATE FUNCTION refresh_search_names(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  WITH all_names AS (
    SELECT e.id, e.type, e.name, e.sort_name, NULL::name_kind AS kind, false AS former, e.live
      FROM entity e WHERE e.id = ANY (ids)
    UNION ALL
    SELECT e.id, e.type, n.name, n.sort_name, n.kind, n.kind = 'FORMER' OR n."end" IS NOT NULL, e.live
      FROM entity_name n JOIN entity e ON e.id = n.entity_id WHERE n.entity_id = ANY (ids)),
  distinct_names AS (
    SELECT DISTINCT ON (id, sort_name) * FROM all_names WHERE sort_name <> ''
    ORDER BY id, sort_name, kind IS NOT NULL, former, kind, name),
  removed AS (
    DELETE FROM search_name s WHERE s.entity_id = ANY (ids)
      AND NOT EXISTS (SELECT FROM distinct_names n WHERE n.id = s.entity_id AND n.sort_name = s.sort_name))
  INSERT INTO search_name AS s (entity_id, type, name, sort_name, kind, former, live, prominence)
  SELECT n.*, coalesce((SELECT max(o.prominence) FROM search_name o WHERE o.entity_id = n.id), 0) FROM distinct_names n
  ON CONFLICT (entity_id, sort_name) DO UPDATE SET
    type = excluded.type, name = excluded.name, kind = excluded.kind, former = excluded.former, live = excluded.live
  WHERE (s.type, s.name, s.kind, s.former, s.live)
    IS DISTINCT FROM (excluded.type, excluded.name, excluded.kind, excluded.former, excluded.live)
$$;
--> statement-breakpoint
-- A statement: its text, and the entities that it is linked to.
CREATE FUNCTION refresh_search_statements(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_document AS old (id, type, date, organization_id, config, live, words)
  SELECT s.id, 'STATEMENT', s.said_sort, a.publisher_id, c.config, s.live,
    (SELECT string_agg(search_entity(link.id) || link.weight, ' ')::tsvector FROM (
        SELECT s.speaker_id, ':1A' UNION ALL SELECT s.on_behalf_of_id, ':1B' WHERE s.on_behalf_of_id IS NOT NULL
        UNION ALL SELECT s.reported_by_id, ':1C' WHERE s.reported_by_id IS NOT NULL
        UNION ALL SELECT s.place_id, ':1C' WHERE s.place_id IS NOT NULL
        UNION ALL SELECT entity_id, ':1A' FROM statement_subject WHERE statement_id = s.id
        UNION ALL SELECT entity_id, ':1B' FROM statement_audience WHERE statement_id = s.id) link (id, weight))
      || search_words(c.config, s.text, 'B') || search_words(c.config, s.occasion, 'C')
  FROM statement s JOIN article a ON a.id = s.article_id,
    LATERAL (SELECT search_config(coalesce(s.language, a.language))) c (config)
  WHERE s.id = ANY (ids)
  ON CONFLICT (id) DO UPDATE SET date = excluded.date, organization_id = excluded.organization_id,
    config = excluded.config, live = excluded.live, words = excluded.words
  WHERE old IS DISTINCT FROM excluded
$$;
--> statement-breakpoint
-- The length of the parts of a long text, in characters: at most 256 places of a frequent word fit into
-- one. Where each character is a word, or where no stop words are skipped, that limit comes sooner.
CREATE FUNCTION search_part_length(config text, given text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE
  WHEN length(given) <= 4000 THEN 4000
  WHEN 10 * length(regexp_replace(left(given, 20000), '[^\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+', '', 'g')) > length(left(given, 20000)) THEN 4000
  WHEN config = 'simple' THEN 20000
  ELSE 50000 END;
--> statement-breakpoint
-- The words of an article's text. Of a long text the parts are kept as well, each with the beginning of
-- the next one, so that every phrase is whole in one of them. `room` is what the words may take, in bytes:
-- PostgreSQL allows a megabyte for all words of a document; `cut` is where they end.
CREATE FUNCTION search_body(article uuid, config text, given text, room integer, OUT words tsvector, OUT cut integer)
LANGUAGE plpgsql AS $$
DECLARE
  step integer := search_part_length(config, given);
  size integer := length(given);
  place integer := 0;
  part tsvector;
BEGIN
  DELETE FROM search_part WHERE article_id = article;
  IF size <= step OR size IS NULL THEN
    words := search_words(config, given, 'D');
    RETURN;
  END IF;
  words := '';
  WHILE place < size LOOP
    part := search_words(config, substr(given, place + 1, step + 200), 'D');
    INSERT INTO search_part (article_id, start, length, words)
      VALUES (article, place, least(step + 200, size - place), part);
    IF cut IS NULL AND pg_column_size(words) + pg_column_size(part) > room THEN cut := place; END IF;
    IF cut IS NULL THEN words := words || part; END IF;
    place := place + step;
  END LOOP;
END $$;
--> statement-breakpoint
-- An article: title, byline, text, publisher, and the entities that it mentions.
CREATE FUNCTION refresh_search_articles(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_document AS old (id, type, date, organization_id, config, live, words, cut_at)
  SELECT a.id, 'ARTICLE', a.published_sort, a.publisher_id, c.config, a.live, head.words || body.words, body.cut
  FROM article a LEFT JOIN article_body b ON b.article_id = a.id,
    LATERAL (SELECT search_config(a.language)) c (config),
    LATERAL (SELECT
      coalesce((SELECT string_agg(search_entity(m.entity_id) || ':1B', ' ')::tsvector
          FROM (SELECT entity_id FROM mention WHERE article_id = a.id LIMIT 10000) m), '')
        || coalesce((search_entity(a.publisher_id) || ':1C')::tsvector, '')
        || search_words(c.config, a.title, 'A') || search_words(c.config, a.byline, 'C')) head (words),
    LATERAL search_body(a.id, c.config, b.text, 1000000 - pg_column_size(head.words)) body
  WHERE a.id = ANY (ids)
  ON CONFLICT (id) DO UPDATE SET date = excluded.date, organization_id = excluded.organization_id,
    config = excluded.config, live = excluded.live, words = excluded.words, cut_at = excluded.cut_at
  WHERE old IS DISTINCT FROM excluded
$$;
--> statement-breakpoint
-- An entity is found by its names; these words join them: a liaison office of NATO, a person who was
-- ambassador.
CREATE FUNCTION refresh_search_entities(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  -- Locked first, so that the next statement sees what a concurrent writer committed meanwhile.
  SELECT FROM entity WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  INSERT INTO search_document AS old (id, type, date, organization_id, config, live, words)
  SELECT e.id, e.type::text::search_type, '-infinity', o.organization_id, 'english', e.live,
    (SELECT string_agg(search_entity(link.id) || link.weight, ' ')::tsvector FROM (
        SELECT e.id, ':1A' UNION ALL SELECT o.organization_id, ':1B' WHERE o.organization_id IS NOT NULL
        UNION ALL SELECT o.place_id, ':1B' WHERE o.place_id IS NOT NULL
        UNION ALL SELECT o.accredited_to_id, ':1B' WHERE o.accredited_to_id IS NOT NULL
        UNION ALL SELECT x.accredited_to_id, ':1C' FROM office_accreditation x WHERE x.office_id = o.id
        UNION ALL SELECT p.organization_id, ':1C' FROM position p WHERE p.person_id = e.id AND p.live) link (id, weight))
      || search_words('english', replace(o.kind::text, '_', ' '), 'B')
      || search_words('english', (SELECT string_agg(DISTINCT p.title, ' ') FROM position p WHERE p.person_id = e.id AND p.live), 'C')
      || search_words('english', e.description, 'C')
  FROM entity e LEFT JOIN office o ON o.id = e.id
  WHERE e.id = ANY (ids)
  ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id,
    live = excluded.live, words = excluded.words
  WHERE old IS DISTINCT FROM excluded
$$;
--> statement-breakpoint
-- The years in which a person may have held a post, as words: its first and last year weigh more than
-- those between them, and those that may follow where no end is known weigh least.
CREATE FUNCTION search_years(start_given text, end_given text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
  WITH known AS (SELECT substring(start_given from '\d{4}')::int AS first, substring(end_given from '\d{4}')::int AS last)
  SELECT coalesce(string_agg(lpad(year::text, 4, '0') || CASE
      WHEN year = first OR year = last THEN ':1B' WHEN last IS NULL THEN ':1D' ELSE ':1C' END, ' '), '')::tsvector
  FROM known, generate_series(coalesce(first, last), least(coalesce(last, first + 60), coalesce(first, last) + 100)) year);
--> statement-breakpoint
-- A post: its title, its holder and organization, its kind, and when it was held.
CREATE FUNCTION refresh_search_positions(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_document AS old (id, type, date, organization_id, config, live, words)
  SELECT p.id, 'POSITION', p.start_sort, p.organization_id, 'english', p.live,
    (search_entity(p.person_id) || ':1A ' || search_entity(p.organization_id) || ':1A')::tsvector
      || search_words('english', p.title, 'A')
      || search_words('english', replace(p.kind::text, '_', ' '), 'C')
      || search_years(p.start, p."end")
      || search_words('simple', concat_ws(' ', p.start, p."end"), 'B')
  FROM position p
  WHERE p.id = ANY (ids)
  ON CONFLICT (id) DO UPDATE SET date = excluded.date, organization_id = excluded.organization_id,
    live = excluded.live, words = excluded.words
  WHERE old IS DISTINCT FROM excluded
$$;
--> statement-breakpoint
-- Ranking

-- How often entities are mentioned and linked, in quarters of a power of two; counted up to 1,023 of a
-- kind. MATERIALIZED: counted once per entity, not for each row that differs.
CREATE FUNCTION refresh_prominence(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  WITH used AS MATERIALIZED (
    SELECT e.id, round(4 * ln(1 + (
      (SELECT count(*) FROM (SELECT FROM mention m WHERE m.entity_id = e.id AND m.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM statement_subject x WHERE x.entity_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM statement x WHERE x.speaker_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM position x WHERE x.person_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM position x WHERE x.organization_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM office x WHERE x.organization_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM office x WHERE x.place_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM office x WHERE x.accredited_to_id = e.id AND x.live LIMIT 1023) t)
      + (SELECT count(*) FROM (SELECT FROM place x WHERE x.within_id = e.id AND x.live LIMIT 1023) t)
    )::float8) / ln(2::float8))::smallint AS prominence
    FROM unnest(ids) e (id))
  UPDATE search_name s SET prominence = used.prominence
  FROM used WHERE s.entity_id = used.id AND s.prominence <> used.prominence
$$;
--> statement-breakpoint
-- Triggers

-- Refreshes the documents of changed records. A trigger's arguments: what they are, the column with
-- their key, and the columns of which one has to differ for an update to matter.
--
-- A writer of whole records sets chancery.search to 'later', writes them with all their parts and then
-- calls refresh_search, so that each record is indexed once.
CREATE FUNCTION search_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF current_setting('chancery.search', true) = 'later' THEN RETURN NULL; END IF;
    EXECUTE format('SELECT array_agg(DISTINCT %I) FROM new_rows', TG_ARGV[1]) INTO ids;
  ELSIF TG_OP = 'DELETE' THEN
    EXECUTE format('SELECT array_agg(DISTINCT %I) FROM old_rows', TG_ARGV[1]) INTO ids;
  ELSE
    -- In both directions: a row may have moved to another record.
    EXECUTE format(
      'SELECT array_agg(DISTINCT id) FROM (
         (SELECT %1$I, %2$s FROM old_rows EXCEPT SELECT %1$I, %2$s FROM new_rows)
         UNION ALL
         (SELECT %1$I, %2$s FROM new_rows EXCEPT SELECT %1$I, %2$s FROM old_rows)) d (id)',
      TG_ARGV[1], TG_ARGV[2]) INTO ids;
  END IF;
  IF ids IS NULL THEN RETURN NULL; END IF;
  CASE TG_ARGV[0]
    WHEN 'entities' THEN
      PERFORM refresh_search_names(ids);
      PERFORM refresh_search_entities(ids);
    WHEN 'names' THEN PERFORM refresh_search_names(ids);
    WHEN 'documents' THEN PERFORM refresh_search_entities(ids);
    WHEN 'positions' THEN PERFORM refresh_search_positions(ids);
    WHEN 'articles' THEN
      PERFORM refresh_search_articles(ids);
      -- Its publisher and language are those of its statements.
      IF TG_TABLE_NAME = 'article' AND TG_OP = 'UPDATE' THEN
        PERFORM refresh_search_statements(ARRAY(SELECT id FROM statement WHERE article_id = ANY (ids)));
      END IF;
    WHEN 'statements' THEN PERFORM refresh_search_statements(ids);
  END CASE;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- What a writer calls at the end of its transaction, with the keys of all records that it wrote.
-- Without `ranks`, the caller refreshes the prominence of all entities itself.
CREATE FUNCTION refresh_search(entities uuid[], articles uuid[], statements uuid[], positions uuid[], ranks boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF entities <> '{}' THEN PERFORM refresh_search_names(entities); END IF;
  IF entities <> '{}' OR positions <> '{}' THEN
    PERFORM refresh_search_entities(entities || ARRAY(SELECT person_id FROM position WHERE id = ANY (positions)));
  END IF;
  IF positions <> '{}' THEN PERFORM refresh_search_positions(positions); END IF;
  IF articles <> '{}' THEN PERFORM refresh_search_articles(articles); END IF;
  IF statements <> '{}' THEN PERFORM refresh_search_statements(statements); END IF;
  IF ranks THEN
    PERFORM refresh_prominence(ARRAY(
      SELECT speaker_id FROM statement WHERE id = ANY (statements)
      UNION SELECT entity_id FROM statement_subject WHERE statement_id = ANY (statements)
      UNION SELECT entity_id FROM mention WHERE article_id = ANY (articles)
      UNION SELECT unnest(ARRAY[person_id, organization_id]) FROM position WHERE id = ANY (positions)
      UNION SELECT unnest(ARRAY[organization_id, place_id, accredited_to_id]) FROM office WHERE id = ANY (entities)
      UNION SELECT within_id FROM place WHERE id = ANY (entities)));
  END IF;
END $$;
--> statement-breakpoint
-- Removes the documents of deleted records.
CREATE FUNCTION search_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_document WHERE id IN (SELECT id FROM old_rows);
  DELETE FROM search_name WHERE entity_id IN (SELECT id FROM old_rows);
  DELETE FROM search_part WHERE article_id IN (SELECT id FROM old_rows);
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Per table: which documents follow from it, the column with their key, and the columns that matter in an
-- update.
DO $$
DECLARE
  prefix text;
  of_table text;
  documents text;
  key_column text;
  columns text;
  on_delete text;
BEGIN
  FOR prefix, of_table, documents, key_column, columns IN VALUES
    ('entity_search', 'entity', 'entities', 'id', 'name, sort_name, type, live, description'),
    ('entity_name_search', 'entity_name', 'names', 'entity_id', 'name, sort_name, kind, "end"'),
    ('office_search', 'office', 'documents', 'id', 'organization_id, place_id, accredited_to_id, kind'),
    ('office_accreditation_search', 'office_accreditation', 'documents', 'office_id', 'accredited_to_id'),
    ('position_search', 'position', 'documents', 'person_id', 'organization_id, title, live'),
    ('position_post', 'position', 'positions', 'id', 'person_id, organization_id, title, kind, start, "end", live'),
    ('article_search', 'article', 'articles', 'id', 'title, byline, publisher_id, language, published_on, live'),
    ('article_body_search', 'article_body', 'articles', 'article_id', 'text'),
    ('mention_search', 'mention', 'articles', 'article_id', 'entity_id'),
    ('statement_search', 'statement', 'statements', 'id',
      'text, occasion, language, speaker_id, on_behalf_of_id, reported_by_id, place_id, said_on, live'),
    ('statement_subject_search', 'statement_subject', 'statements', 'statement_id', 'entity_id'),
    ('statement_audience_search', 'statement_audience', 'statements', 'statement_id', 'entity_id')
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON public.%I REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION search_changes(%L, %L)',
      prefix || '_insert', of_table, documents, key_column);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON public.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION search_changes(%L, %L, %L)',
      prefix || '_update', of_table, documents, key_column, columns);
    -- Without its own row, a document goes; without a part, it is written anew.
    on_delete := CASE
      WHEN key_column = 'id' AND of_table <> 'office' THEN 'search_forgets()'
      ELSE format('search_changes(%L, %L)', documents, key_column) END;
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON public.%I REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION %s', prefix || '_delete', of_table, on_delete);
  END LOOP;
END $$;
