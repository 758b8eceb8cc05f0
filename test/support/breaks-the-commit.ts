/** Whoever says "explota" is refused by PostgreSQL, and only when it commits. */
export const BREAKS_THE_COMMIT = `
  create function explodes() returns trigger language plpgsql as $$
    begin if new.text = 'explota' then raise exception 'explota'; end if; return null; end $$;
  create constraint trigger breaks after insert on heard deferrable initially deferred for each row execute function explodes()`
