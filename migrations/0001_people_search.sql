-- What people are found by: decision 55. A text as one types it without accents: in lower case, without
-- marks, apostrophes and joiners, with one space between words. Everything else separates words.
create function search_fold(written text) returns text language sql immutable parallel safe strict as $$
  select btrim(regexp_replace(
    replace(replace(replace(replace(translate(
      lower(regexp_replace(
        normalize(translate(written, '''’‘‛`´ʼʻʹʾʿ′＇', ''), NFKD),
        '[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u20d0-\u20ff\ufe20-\ufe2f]',
        '', 'g') collate "und-x-icu"),
      'øłđðħıŧŋςə٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', 'olddhitnσe01234567890123456789'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u060c\u061b\u2000-\u206f\u3000-\u303f]+', ' ', 'g'))
$$;

-- The LIKE patterns for a folded word: inside of words, or at the start of one where it is too short for the index.
create function search_pattern(word text) returns text language sql immutable parallel safe strict as $$
  select case when length(word) >= 3 or word ~ '[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff]'
    then '%' || word || '%' else '% ' || word || '%' end
$$;

-- The digits of a phone number, with the code of its country if it has one: “(0)” and “00” are left out.
create function search_digits(phone text) returns text language sql immutable parallel safe strict as $$
  select regexp_replace(regexp_replace(replace(phone, '(0)', ''), '[^0-9]', '', 'g'), '^00', '')
$$;

drop index users_search;
alter table users
  drop column search,
  add column search_name text not null generated always as (' ' || public.search_fold(name) || ' ') stored,
  add column search_text text not null
    generated always as (' ' || public.search_fold(name || ' ' || email) || ' ') stored,
  add column search_phone text generated always as (public.search_digits(phone)) stored;
create index users_search_name on users using gin (search_name gin_trgm_ops);
create index users_search_text on users using gin (search_text gin_trgm_ops);
create index users_search_phone on users using gin (search_phone gin_trgm_ops);
-- For the best hits: the beginning of the name, the whole number, the last digits of a number.
create index users_search_beginning on users (search_name text_pattern_ops, id);
create index users_search_whole_phone on users (search_phone);
create index users_search_last_digits on users (reverse(search_phone) text_pattern_ops);
analyze users;
