-- A text stays in its row while that fits a page: kept apart, as PostgreSQL does from 2 KB on, each of ten hits is one more
-- way through an index that grows with the ledger.
ALTER TABLE editions SET (toast_tuple_target = 8160);

-- Refusals that hold for every program and every hand: see ARCHITECTURE.md, "The gate".

CREATE FUNCTION editions_content_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.content_hash IS NOT NULL AND (NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.ordinal IS DISTINCT FROM OLD.ordinal OR NEW.title IS DISTINCT FROM OLD.title OR NEW.summary IS DISTINCT FROM OLD.summary OR NEW.body_html IS DISTINCT FROM OLD.body_html OR NEW.document_number IS DISTINCT FROM OLD.document_number OR NEW.genre IS DISTINCT FROM OLD.genre OR NEW.keywords IS DISTINCT FROM OLD.keywords OR NEW.source IS DISTINCT FROM OLD.source OR NEW.validity IS DISTINCT FROM OLD.validity OR NEW.made_on IS DISTINCT FROM OLD.made_on OR NEW.disclosure_class IS DISTINCT FROM OLD.disclosure_class OR NEW.class_reason IS DISTINCT FROM OLD.class_reason OR NEW.change_note IS DISTINCT FROM OLD.change_note OR NEW.co_issuers IS DISTINCT FROM OLD.co_issuers OR NEW.theme IS DISTINCT FROM OLD.theme OR NEW.subtheme IS DISTINCT FROM OLD.subtheme OR NEW.effective_on IS DISTINCT FROM OLD.effective_on OR NEW.expires_on IS DISTINCT FROM OLD.expires_on OR NEW.contact IS DISTINCT FROM OLD.contact OR NEW.author_id IS DISTINCT FROM OLD.author_id) THEN RAISE EXCEPTION 'gate: a submitted edition cannot be changed; return it first'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER editions_content_frozen BEFORE UPDATE ON editions FOR EACH ROW EXECUTE FUNCTION editions_content_frozen();

CREATE FUNCTION editions_hash_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.content_hash IS NOT NULL AND NEW.content_hash IS DISTINCT FROM OLD.content_hash AND (EXISTS (SELECT 1 FROM reviews v WHERE v.edition_id = OLD.id AND v.state IN ('open', 'signed')) OR EXISTS (SELECT 1 FROM releases r WHERE r.edition_id = OLD.id)) THEN RAISE EXCEPTION 'gate: the content hash of an edition under review or released is fixed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER editions_hash_kept BEFORE UPDATE ON editions FOR EACH ROW EXECUTE FUNCTION editions_hash_kept();

CREATE FUNCTION editions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reviews v WHERE v.edition_id = OLD.id) THEN RAISE EXCEPTION 'gate: an edition that was reviewed is kept'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER editions_kept BEFORE DELETE ON editions FOR EACH ROW EXECUTE FUNCTION editions_kept();

CREATE FUNCTION attachments_frozen_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM editions d WHERE d.id IN (NEW.edition_id) AND d.content_hash IS NOT NULL) THEN RAISE EXCEPTION 'gate: the attachments of a submitted edition cannot be changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attachments_frozen_insert BEFORE INSERT ON attachments FOR EACH ROW EXECUTE FUNCTION attachments_frozen_insert();

CREATE FUNCTION attachments_frozen_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM editions d WHERE d.id IN (NEW.edition_id, OLD.edition_id) AND d.content_hash IS NOT NULL) THEN RAISE EXCEPTION 'gate: the attachments of a submitted edition cannot be changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attachments_frozen_update BEFORE UPDATE ON attachments FOR EACH ROW EXECUTE FUNCTION attachments_frozen_update();

CREATE FUNCTION attachments_frozen_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM editions d WHERE d.id IN (OLD.edition_id) AND d.content_hash IS NOT NULL) THEN RAISE EXCEPTION 'gate: the attachments of a submitted edition cannot be changed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER attachments_frozen_delete BEFORE DELETE ON attachments FOR EACH ROW EXECUTE FUNCTION attachments_frozen_delete();

CREATE FUNCTION reviews_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'open' OR NEW.closed_at IS NOT NULL OR NOT (EXISTS (SELECT 1 FROM editions d JOIN entries e ON e.id = d.entry_id WHERE d.id = NEW.edition_id AND d.content_hash = NEW.content_hash AND e.agency_id = NEW.agency_id) OR EXISTS (SELECT 1 FROM letters x JOIN requests q ON q.id = x.request_id WHERE x.id = NEW.letter_id AND x.content_hash = NEW.content_hash AND q.agency_id = NEW.agency_id)) THEN RAISE EXCEPTION 'gate: a review opens over the hash of what was submitted'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_open BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_open();

CREATE FUNCTION reviews_subject_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open' OR (NEW.id IS DISTINCT FROM OLD.id OR NEW.agency_id IS DISTINCT FROM OLD.agency_id OR NEW.edition_id IS DISTINCT FROM OLD.edition_id OR NEW.letter_id IS DISTINCT FROM OLD.letter_id OR NEW.content_hash IS DISTINCT FROM OLD.content_hash OR NEW.opened_at IS DISTINCT FROM OLD.opened_at) THEN RAISE EXCEPTION 'gate: a review keeps its subject, and a closed one stays closed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_subject_fixed BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_subject_fixed();

CREATE FUNCTION reviews_signed_when_all_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'signed' AND (NOT EXISTS (SELECT 1 FROM review_stages g WHERE g.review_id = NEW.id) OR EXISTS (SELECT 1 FROM review_stages g WHERE g.review_id = NEW.id AND NOT EXISTS (SELECT 1 FROM sign_offs s WHERE s.review_id = g.review_id AND s.stage = g.stage AND s.verdict = 'signed'))) THEN RAISE EXCEPTION 'gate: a review is signed when every stage has signed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_signed_when_all_signed BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_signed_when_all_signed();

CREATE FUNCTION reviews_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a review is kept'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER reviews_kept BEFORE DELETE ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_kept();

CREATE FUNCTION review_stages_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: the chain of a running review is fixed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_stages_fixed BEFORE UPDATE ON review_stages FOR EACH ROW EXECUTE FUNCTION review_stages_fixed();

CREATE FUNCTION review_stages_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: the chain of a running review is fixed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER review_stages_kept BEFORE DELETE ON review_stages FOR EACH ROW EXECUTE FUNCTION review_stages_kept();

CREATE FUNCTION review_stages_before_sign_offs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sign_offs s WHERE s.review_id = NEW.review_id) THEN RAISE EXCEPTION 'gate: the chain of a running review is fixed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_stages_before_sign_offs BEFORE INSERT ON review_stages FOR EACH ROW EXECUTE FUNCTION review_stages_before_sign_offs();

CREATE FUNCTION sign_offs_open_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reviews v WHERE v.id = NEW.review_id AND v.state = 'open' AND v.content_hash = NEW.content_hash) THEN RAISE EXCEPTION 'gate: a sign-off is over the hash under an open review'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_offs_open_review BEFORE INSERT ON sign_offs FOR EACH ROW EXECUTE FUNCTION sign_offs_open_review();

CREATE FUNCTION sign_offs_not_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reviews v JOIN editions d ON d.id = v.edition_id WHERE v.id = NEW.review_id AND d.author_id = NEW.person_id) OR EXISTS (SELECT 1 FROM reviews v JOIN edition_authors w ON w.edition_id = v.edition_id WHERE v.id = NEW.review_id AND w.person_id = NEW.person_id) OR EXISTS (SELECT 1 FROM reviews v JOIN letters x ON x.id = v.letter_id WHERE v.id = NEW.review_id AND x.drafted_by = NEW.person_id) THEN RAISE EXCEPTION 'gate: no one signs their own draft'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_offs_not_author BEFORE INSERT ON sign_offs FOR EACH ROW EXECUTE FUNCTION sign_offs_not_author();

CREATE FUNCTION sign_offs_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT COUNT(*) FROM sign_offs s WHERE s.review_id = NEW.review_id AND s.stage < NEW.stage AND s.verdict = 'signed') <> NEW.stage - 1 THEN RAISE EXCEPTION 'gate: stages are signed in order'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_offs_in_order BEFORE INSERT ON sign_offs FOR EACH ROW EXECUTE FUNCTION sign_offs_in_order();

CREATE FUNCTION sign_offs_by_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM review_stages g JOIN reviews v ON v.id = g.review_id JOIN user_roles u ON u.agency_id = v.agency_id AND u.role = g.kind WHERE g.review_id = NEW.review_id AND g.stage = NEW.stage AND u.user_id = COALESCE(NEW.on_behalf_of, NEW.person_id)) OR (NEW.on_behalf_of IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review_stages g JOIN reviews v ON v.id = g.review_id JOIN review_deputies p ON p.agency_id = v.agency_id AND p.role = g.kind WHERE g.review_id = NEW.review_id AND g.stage = NEW.stage AND p.principal_id = NEW.on_behalf_of AND p.deputy_id = NEW.person_id AND p.ended_at IS NULL AND p.since_at <= NEW.signed_at AND NEW.signed_at < p.until_at)) THEN RAISE EXCEPTION 'gate: the stage belongs to another role'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_offs_by_role BEFORE INSERT ON sign_offs FOR EACH ROW EXECUTE FUNCTION sign_offs_by_role();

CREATE FUNCTION sign_offs_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What people wrote goes with a request whose destruction two others approved; who signed what when stays.
    IF NOT (NEW.opinion = '' AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.review_id IS NOT DISTINCT FROM OLD.review_id AND NEW.stage IS NOT DISTINCT FROM OLD.stage AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id AND NEW.verdict IS NOT DISTINCT FROM OLD.verdict AND NEW.checklist IS NOT DISTINCT FROM OLD.checklist AND NEW.content_hash IS NOT DISTINCT FROM OLD.content_hash AND NEW.signed_at IS NOT DISTINCT FROM OLD.signed_at AND NEW.ticked IS NOT DISTINCT FROM OLD.ticked AND NEW.on_behalf_of IS NOT DISTINCT FROM OLD.on_behalf_of AND EXISTS (SELECT 1 FROM reviews v JOIN letters x ON x.id = v.letter_id WHERE v.id = OLD.review_id AND EXISTS (SELECT 1 FROM destruction_items d JOIN destruction_lists l ON l.id = d.list_id WHERE d.request_id = x.request_id AND l.second_by IS NOT NULL))) THEN RAISE EXCEPTION 'gate: a sign-off is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_offs_fixed BEFORE UPDATE ON sign_offs FOR EACH ROW EXECUTE FUNCTION sign_offs_fixed();

CREATE FUNCTION sign_offs_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a sign-off is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER sign_offs_kept BEFORE DELETE ON sign_offs FOR EACH ROW EXECUTE FUNCTION sign_offs_kept();

CREATE FUNCTION releases_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a release is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER releases_fixed BEFORE UPDATE ON releases FOR EACH ROW EXECUTE FUNCTION releases_fixed();

CREATE FUNCTION releases_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a release is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER releases_kept BEFORE DELETE ON releases FOR EACH ROW EXECUTE FUNCTION releases_kept();

CREATE FUNCTION letter_issues_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an issued letter is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_issues_fixed BEFORE UPDATE ON letter_issues FOR EACH ROW EXECUTE FUNCTION letter_issues_fixed();

CREATE FUNCTION letter_issues_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an issued letter is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER letter_issues_kept BEFORE DELETE ON letter_issues FOR EACH ROW EXECUTE FUNCTION letter_issues_kept();

CREATE FUNCTION releases_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM reviews v
        WHERE v.id = NEW.review_id AND v.edition_id = NEW.edition_id AND v.state = 'signed' AND v.content_hash = NEW.content_hash
          AND EXISTS (SELECT 1 FROM editions d WHERE d.id = v.edition_id AND d.entry_id = NEW.entry_id AND d.content_hash = v.content_hash AND d.disclosure_class = 'proactive')
          AND (SELECT COUNT(*) FROM review_stages g WHERE g.review_id = v.id) >= 2
          AND (SELECT COUNT(DISTINCT s.person_id) FROM sign_offs s
               WHERE s.review_id = v.id AND s.verdict = 'signed' AND s.content_hash = v.content_hash)
            = (SELECT COUNT(*) FROM review_stages g WHERE g.review_id = v.id)
          AND (SELECT MAX(s.signed_at) FROM sign_offs s WHERE s.review_id = v.id) <= NEW.released_at)
      AND NOT EXISTS (
        SELECT 1 FROM emergency_releases x JOIN reviews v ON v.id = x.review_id JOIN editions d ON d.id = v.edition_id
        WHERE x.review_id = NEW.review_id AND v.edition_id = NEW.edition_id AND v.state = 'open' AND v.content_hash = NEW.content_hash
          AND x.content_hash = NEW.content_hash AND d.entry_id = NEW.entry_id AND d.content_hash = NEW.content_hash AND d.disclosure_class = 'proactive'
          AND (SELECT COUNT(*) FROM emergency_signatures s WHERE s.review_id = x.review_id AND s.content_hash = NEW.content_hash AND s.signed_at <= NEW.released_at) >= 2
          AND EXISTS (SELECT 1 FROM emergency_signatures s WHERE s.review_id = x.review_id AND s.role IN ('leader', 'principal_leader'))) THEN RAISE EXCEPTION 'gate: nothing is released without the signed-off review of exactly these bytes'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER releases_signed BEFORE INSERT ON releases FOR EACH ROW EXECUTE FUNCTION releases_signed();

CREATE FUNCTION letter_issues_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM reviews v
        WHERE v.id = NEW.review_id AND v.letter_id = NEW.letter_id AND v.state = 'signed' AND v.content_hash = NEW.content_hash
          AND EXISTS (SELECT 1 FROM letters x WHERE x.id = v.letter_id AND x.content_hash = v.content_hash)
          AND (SELECT COUNT(*) FROM review_stages g WHERE g.review_id = v.id) >= 1
          AND (SELECT COUNT(DISTINCT s.person_id) FROM sign_offs s
               WHERE s.review_id = v.id AND s.verdict = 'signed' AND s.content_hash = v.content_hash)
            = (SELECT COUNT(*) FROM review_stages g WHERE g.review_id = v.id)
          AND (SELECT MAX(s.signed_at) FROM sign_offs s WHERE s.review_id = v.id) <= NEW.issued_at) THEN RAISE EXCEPTION 'gate: no letter leaves without the signed-off review of exactly its bytes'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_issues_signed BEFORE INSERT ON letter_issues FOR EACH ROW EXECUTE FUNCTION letter_issues_signed();

CREATE FUNCTION letters_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reviews v WHERE v.letter_id = OLD.id AND v.state IN ('open', 'signed')) THEN RAISE EXCEPTION 'gate: a letter under review cannot be changed; return it first'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letters_frozen BEFORE UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION letters_frozen();

CREATE FUNCTION letters_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reviews v WHERE v.letter_id = OLD.id) THEN RAISE EXCEPTION 'gate: a letter that was reviewed is kept'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER letters_kept BEFORE DELETE ON letters FOR EACH ROW EXECUTE FUNCTION letters_kept();

CREATE FUNCTION entries_start_unreleased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.live_edition_id IS NOT NULL OR NEW.index_number IS NOT NULL THEN RAISE EXCEPTION 'gate: an entry starts unreleased'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entries_start_unreleased BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_start_unreleased();

CREATE FUNCTION entries_live_is_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.live_edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM releases r WHERE r.edition_id = NEW.live_edition_id AND r.entry_id = NEW.id) THEN RAISE EXCEPTION 'gate: only a released edition can be live'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entries_live_is_released BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION entries_live_is_released();

CREATE FUNCTION entries_number_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.index_number IS NOT NULL AND NEW.index_number IS DISTINCT FROM OLD.index_number THEN RAISE EXCEPTION 'gate: an index number is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entries_number_fixed BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION entries_number_fixed();

CREATE FUNCTION entries_number_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.index_number IS NOT NULL THEN RAISE EXCEPTION 'gate: an index number is never given up'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER entries_number_kept BEFORE DELETE ON entries FOR EACH ROW EXECUTE FUNCTION entries_number_kept();

CREATE FUNCTION edition_authors_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an author of an edition stays one'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_authors_fixed BEFORE UPDATE ON edition_authors FOR EACH ROW EXECUTE FUNCTION edition_authors_fixed();

CREATE FUNCTION edition_authors_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM editions d WHERE d.id = OLD.edition_id) THEN RAISE EXCEPTION 'gate: an author of an edition stays one'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER edition_authors_kept BEFORE DELETE ON edition_authors FOR EACH ROW EXECUTE FUNCTION edition_authors_kept();

CREATE FUNCTION files_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a stored file is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER files_fixed BEFORE UPDATE ON files FOR EACH ROW EXECUTE FUNCTION files_fixed();

CREATE FUNCTION entries_place_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.agency_id <> OLD.agency_id OR NEW.catalogue_line_id <> OLD.catalogue_line_id OR NEW.created_by <> OLD.created_by) AND EXISTS (SELECT 1 FROM editions d WHERE d.entry_id = OLD.id AND d.content_hash IS NOT NULL) THEN RAISE EXCEPTION 'gate: agency and catalogue line were signed with the content; they stay'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entries_place_fixed BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION entries_place_fixed();

CREATE FUNCTION editions_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.entry_id <> OLD.entry_id OR NEW.ordinal <> OLD.ordinal THEN RAISE EXCEPTION 'gate: an edition keeps its identity'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER editions_identity BEFORE UPDATE ON editions FOR EACH ROW EXECUTE FUNCTION editions_identity();

CREATE FUNCTION entries_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id THEN RAISE EXCEPTION 'gate: an entry keeps its identity'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entries_identity BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION entries_identity();

CREATE FUNCTION attachments_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.edition_id <> OLD.edition_id THEN RAISE EXCEPTION 'gate: an attachment keeps its identity'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attachments_identity BEFORE UPDATE ON attachments FOR EACH ROW EXECUTE FUNCTION attachments_identity();

CREATE FUNCTION letters_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.request_id <> OLD.request_id OR NEW.number <> OLD.number THEN RAISE EXCEPTION 'gate: a letter keeps its identity'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letters_identity BEFORE UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION letters_identity();

-- The annual report.

CREATE FUNCTION report_snapshots_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a snapshot is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_snapshots_fixed BEFORE UPDATE ON report_snapshots FOR EACH ROW EXECUTE FUNCTION report_snapshots_fixed();

CREATE FUNCTION report_snapshots_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a snapshot is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER report_snapshots_kept BEFORE DELETE ON report_snapshots FOR EACH ROW EXECUTE FUNCTION report_snapshots_kept();

CREATE FUNCTION report_snapshots_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ordinal <> (SELECT COUNT(*) FROM report_snapshots x WHERE x.agency_id = NEW.agency_id AND x.year = NEW.year) + 1 OR EXISTS (SELECT 1 FROM report_snapshots x WHERE x.id = NEW.id) THEN RAISE EXCEPTION 'gate: a snapshot is added once, after those before it'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_snapshots_in_order BEFORE INSERT ON report_snapshots FOR EACH ROW EXECUTE FUNCTION report_snapshots_in_order();

CREATE FUNCTION report_adjustments_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR (OLD.confirmed_by IS NOT NULL AND NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by) OR NEW.id IS DISTINCT FROM OLD.id OR NEW.agency_id IS DISTINCT FROM OLD.agency_id OR NEW.year IS DISTINCT FROM OLD.year OR NEW.cell IS DISTINCT FROM OLD.cell OR NEW.ledger_value IS DISTINCT FROM OLD.ledger_value OR NEW.value IS DISTINCT FROM OLD.value OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at THEN RAISE EXCEPTION 'gate: an adjustment is confirmed or ended, never rewritten'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_adjustments_fixed BEFORE UPDATE ON report_adjustments FOR EACH ROW EXECUTE FUNCTION report_adjustments_fixed();

CREATE FUNCTION report_adjustments_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an adjustment is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER report_adjustments_kept BEFORE DELETE ON report_adjustments FOR EACH ROW EXECUTE FUNCTION report_adjustments_kept();

CREATE FUNCTION report_adjustments_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed_by IS NOT NULL OR NEW.ended_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM report_snapshots s WHERE s.agency_id = NEW.agency_id AND s.year = NEW.year) OR EXISTS (SELECT 1 FROM report_adjustments x WHERE x.id = NEW.id OR (x.agency_id = NEW.agency_id AND x.year = NEW.year AND x.cell = NEW.cell AND x.ended_at IS NULL)) THEN RAISE EXCEPTION 'gate: an adjustment begins unconfirmed, once a cell, on a frozen year'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_adjustments_begin BEFORE INSERT ON report_adjustments FOR EACH ROW EXECUTE FUNCTION report_adjustments_begin();

CREATE FUNCTION report_submissions_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'prepared' OR NEW.approved_by IS NOT NULL OR NEW.decided_by IS NOT NULL OR NEW.ordinal <> (SELECT COUNT(*) FROM report_submissions x WHERE x.agency_id = NEW.agency_id AND x.year = NEW.year) + 1 OR NOT EXISTS (SELECT 1 FROM report_snapshots s WHERE s.id = NEW.snapshot_id AND s.agency_id = NEW.agency_id AND s.year = NEW.year) OR EXISTS (SELECT 1 FROM report_submissions x WHERE x.id = NEW.id OR (x.agency_id = NEW.agency_id AND x.year = NEW.year AND x.state IN ('prepared', 'submitted'))) THEN RAISE EXCEPTION 'gate: a submission begins prepared, one at a time, from a frozen year'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_submissions_begin BEFORE INSERT ON report_submissions FOR EACH ROW EXECUTE FUNCTION report_submissions_begin();

CREATE FUNCTION report_submissions_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.agency_id IS DISTINCT FROM OLD.agency_id OR NEW.year IS DISTINCT FROM OLD.year OR NEW.ordinal IS DISTINCT FROM OLD.ordinal OR NEW.snapshot_id IS DISTINCT FROM OLD.snapshot_id OR NEW.body IS DISTINCT FROM OLD.body OR NEW.sha256 IS DISTINCT FROM OLD.sha256 OR NEW.prepared_by IS DISTINCT FROM OLD.prepared_by OR NEW.prepared_at IS DISTINCT FROM OLD.prepared_at OR OLD.state IN ('declined', 'returned', 'accepted') OR (OLD.state = 'prepared' AND NEW.state NOT IN ('submitted', 'declined')) OR (OLD.state = 'submitted' AND NEW.state NOT IN ('returned', 'accepted')) OR (OLD.state = 'submitted' AND (NEW.approved_by IS DISTINCT FROM OLD.approved_by OR NEW.receipt_number IS DISTINCT FROM OLD.receipt_number OR NEW.submitted_on IS DISTINCT FROM OLD.submitted_on OR NEW.submitted_at IS DISTINCT FROM OLD.submitted_at)) THEN RAISE EXCEPTION 'gate: a submission goes forward once and its content stays'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_submissions_fixed BEFORE UPDATE ON report_submissions FOR EACH ROW EXECUTE FUNCTION report_submissions_fixed();

CREATE FUNCTION report_submissions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a submission is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER report_submissions_kept BEFORE DELETE ON report_submissions FOR EACH ROW EXECUTE FUNCTION report_submissions_kept();

CREATE FUNCTION report_editions_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM report_submissions s WHERE s.id = NEW.submission_id AND s.agency_id = NEW.agency_id AND s.year = NEW.year AND s.state = 'accepted') OR NOT EXISTS (SELECT 1 FROM editions d JOIN entries e ON e.id = d.entry_id WHERE d.id = NEW.edition_id AND e.agency_id = NEW.agency_id AND d.content_hash IS NULL) OR EXISTS (SELECT 1 FROM report_editions x WHERE x.edition_id = NEW.edition_id) THEN RAISE EXCEPTION 'gate: a report is published when the district has accepted it'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_editions_begin BEFORE INSERT ON report_editions FOR EACH ROW EXECUTE FUNCTION report_editions_begin();

CREATE FUNCTION report_editions_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: the model of an edition is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_editions_fixed BEFORE UPDATE ON report_editions FOR EACH ROW EXECUTE FUNCTION report_editions_fixed();

CREATE FUNCTION report_editions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM editions d WHERE d.id = OLD.edition_id AND d.content_hash IS NOT NULL) THEN RAISE EXCEPTION 'gate: the model of a submitted edition is kept'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER report_editions_kept BEFORE DELETE ON report_editions FOR EACH ROW EXECUTE FUNCTION report_editions_kept();

CREATE FUNCTION editions_compiled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.body_html IS DISTINCT FROM OLD.body_html OR NEW.title IS DISTINCT FROM OLD.title) AND EXISTS (SELECT 1 FROM report_editions r WHERE r.edition_id = OLD.id) THEN RAISE EXCEPTION 'gate: the text of a compiled report is what was accepted'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER editions_compiled BEFORE UPDATE ON editions FOR EACH ROW EXECUTE FUNCTION editions_compiled();

CREATE FUNCTION releases_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM editions d WHERE d.id = NEW.edition_id AND d.genre = 'annual_report') AND NOT EXISTS (SELECT 1 FROM report_editions r WHERE r.edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM report_entry_checks k WHERE k.edition_id = NEW.edition_id AND k.content_hash = NEW.content_hash) THEN RAISE EXCEPTION 'gate: an annual report is released compiled, or checked with exactly these bytes'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER releases_checked BEFORE INSERT ON releases FOR EACH ROW EXECUTE FUNCTION releases_checked();

-- The gazette.

CREATE FUNCTION gazette_items_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gazette_issues g WHERE g.id = NEW.issue_id AND g.published_on IS NOT NULL) THEN RAISE EXCEPTION 'gate: a published issue of the gazette is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gazette_items_added BEFORE INSERT ON gazette_items FOR EACH ROW EXECUTE FUNCTION gazette_items_added();

CREATE FUNCTION gazette_items_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gazette_issues g WHERE g.id = OLD.issue_id AND g.published_on IS NOT NULL) THEN RAISE EXCEPTION 'gate: a published issue of the gazette is never changed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER gazette_items_kept BEFORE DELETE ON gazette_items FOR EACH ROW EXECUTE FUNCTION gazette_items_kept();

CREATE FUNCTION gazette_items_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gazette_issues g WHERE g.id IN (OLD.issue_id, NEW.issue_id) AND g.published_on IS NOT NULL) THEN RAISE EXCEPTION 'gate: a published issue of the gazette is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gazette_items_fixed BEFORE UPDATE ON gazette_items FOR EACH ROW EXECUTE FUNCTION gazette_items_fixed();

CREATE FUNCTION gazette_issues_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_on IS NOT NULL THEN RAISE EXCEPTION 'gate: a published issue of the gazette is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gazette_issues_fixed BEFORE UPDATE ON gazette_issues FOR EACH ROW EXECUTE FUNCTION gazette_issues_fixed();

CREATE FUNCTION gazette_issues_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_on IS NOT NULL THEN RAISE EXCEPTION 'gate: a published issue of the gazette is never changed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER gazette_issues_kept BEFORE DELETE ON gazette_issues FOR EACH ROW EXECUTE FUNCTION gazette_issues_kept();

-- 紧急发布 and 代理.

CREATE FUNCTION emergency_releases_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reviews v WHERE v.id = NEW.review_id AND v.state = 'open' AND v.edition_id IS NOT NULL AND v.content_hash = NEW.content_hash) OR NEW.released_at IS NOT NULL OR NEW.concluded_at IS NOT NULL THEN RAISE EXCEPTION 'gate: an emergency release is asked for over the hash under an open review'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER emergency_releases_open BEFORE INSERT ON emergency_releases FOR EACH ROW EXECUTE FUNCTION emergency_releases_open();

CREATE FUNCTION emergency_releases_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.review_id <> OLD.review_id OR NEW.content_hash <> OLD.content_hash OR NEW.reason <> OLD.reason OR NEW.public_note <> OLD.public_note OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at OR NEW.review_due_on <> OLD.review_due_on OR (OLD.released_at IS NOT NULL AND NEW.released_at IS DISTINCT FROM OLD.released_at) OR (OLD.concluded_at IS NOT NULL AND NEW.concluded_at IS DISTINCT FROM OLD.concluded_at) THEN RAISE EXCEPTION 'gate: an emergency release keeps what was asked for'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER emergency_releases_fixed BEFORE UPDATE ON emergency_releases FOR EACH ROW EXECUTE FUNCTION emergency_releases_fixed();

CREATE FUNCTION emergency_releases_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an emergency release is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER emergency_releases_kept BEFORE DELETE ON emergency_releases FOR EACH ROW EXECUTE FUNCTION emergency_releases_kept();

CREATE FUNCTION emergency_signatures_rightful() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM emergency_releases x JOIN reviews v ON v.id = x.review_id JOIN user_roles u ON u.agency_id = v.agency_id AND u.user_id = NEW.person_id AND u.role = NEW.role WHERE x.review_id = NEW.review_id AND x.content_hash = NEW.content_hash AND v.state = 'open' AND v.content_hash = NEW.content_hash AND NEW.role IN ('section_head', 'confidentiality_officer', 'leader', 'principal_leader')) OR EXISTS (SELECT 1 FROM reviews v JOIN editions d ON d.id = v.edition_id WHERE v.id = NEW.review_id AND d.author_id = NEW.person_id) OR EXISTS (SELECT 1 FROM reviews v JOIN edition_authors w ON w.edition_id = v.edition_id WHERE v.id = NEW.review_id AND w.person_id = NEW.person_id) THEN RAISE EXCEPTION 'gate: an emergency is signed by those who sign reviews, never by its author'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER emergency_signatures_rightful BEFORE INSERT ON emergency_signatures FOR EACH ROW EXECUTE FUNCTION emergency_signatures_rightful();

CREATE FUNCTION emergency_signatures_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an emergency signature is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER emergency_signatures_fixed BEFORE UPDATE ON emergency_signatures FOR EACH ROW EXECUTE FUNCTION emergency_signatures_fixed();

CREATE FUNCTION emergency_signatures_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an emergency signature is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER emergency_signatures_kept BEFORE DELETE ON emergency_signatures FOR EACH ROW EXECUTE FUNCTION emergency_signatures_kept();

CREATE FUNCTION review_deputies_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a deputy''s appointment is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER review_deputies_kept BEFORE DELETE ON review_deputies FOR EACH ROW EXECUTE FUNCTION review_deputies_kept();

CREATE FUNCTION review_deputies_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.agency_id <> OLD.agency_id OR NEW.principal_id <> OLD.principal_id OR NEW.deputy_id <> OLD.deputy_id OR NEW.role <> OLD.role OR NEW.since_at <> OLD.since_at OR NEW.until_at <> OLD.until_at OR OLD.ended_at IS NOT NULL THEN RAISE EXCEPTION 'gate: a deputy''s appointment is only ended'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_deputies_fixed BEFORE UPDATE ON review_deputies FOR EACH ROW EXECUTE FUNCTION review_deputies_fixed();

-- 退回件.

CREATE FUNCTION ended_rounds_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: what was judged in a round is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ended_rounds_fixed BEFORE UPDATE ON ended_rounds FOR EACH ROW EXECUTE FUNCTION ended_rounds_fixed();

CREATE FUNCTION ended_rounds_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: what was judged in a round is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER ended_rounds_kept BEFORE DELETE ON ended_rounds FOR EACH ROW EXECUTE FUNCTION ended_rounds_kept();

-- 索引号.

CREATE FUNCTION index_rules_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a rule for index numbers is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER index_rules_fixed BEFORE UPDATE ON index_rules FOR EACH ROW EXECUTE FUNCTION index_rules_fixed();

CREATE FUNCTION index_rules_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a rule for index numbers is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER index_rules_kept BEFORE DELETE ON index_rules FOR EACH ROW EXECUTE FUNCTION index_rules_kept();

CREATE FUNCTION index_numbers_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an index number that was given is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER index_numbers_fixed BEFORE UPDATE ON index_numbers FOR EACH ROW EXECUTE FUNCTION index_numbers_fixed();

CREATE FUNCTION index_numbers_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an index number that was given is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER index_numbers_kept BEFORE DELETE ON index_numbers FOR EACH ROW EXECUTE FUNCTION index_numbers_kept();

CREATE FUNCTION entries_number_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.index_number IS NULL AND NEW.index_number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM index_numbers n WHERE n.number = NEW.index_number AND n.entry_id = NEW.id) THEN RAISE EXCEPTION 'gate: an entry goes out under the number that was given to it'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entries_number_given BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION entries_number_given();

-- 拟发文件属性管理意见表.

CREATE FUNCTION class_opinions_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.verdict IS NOT NULL OR NEW.id IS DISTINCT FROM OLD.id OR NEW.agency_id IS DISTINCT FROM OLD.agency_id OR NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.edition_id IS DISTINCT FROM OLD.edition_id OR NEW.title IS DISTINCT FROM OLD.title OR NEW.document_number IS DISTINCT FROM OLD.document_number OR NEW.disclosure_class IS DISTINCT FROM OLD.disclosure_class OR NEW.class_reason IS DISTINCT FROM OLD.class_reason OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at THEN RAISE EXCEPTION 'gate: an opinion on the class is signed once'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER class_opinions_fixed BEFORE UPDATE ON class_opinions FOR EACH ROW EXECUTE FUNCTION class_opinions_fixed();

CREATE FUNCTION class_opinions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: an opinion on the class is never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER class_opinions_kept BEFORE DELETE ON class_opinions FOR EACH ROW EXECUTE FUNCTION class_opinions_kept();

CREATE FUNCTION class_opinion_rules_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a rule is replaced by a newer one, never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER class_opinion_rules_fixed BEFORE UPDATE ON class_opinion_rules FOR EACH ROW EXECUTE FUNCTION class_opinion_rules_fixed();

CREATE FUNCTION class_opinion_rules_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a rule is replaced by a newer one, never removed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER class_opinion_rules_kept BEFORE DELETE ON class_opinion_rules FOR EACH ROW EXECUTE FUNCTION class_opinion_rules_kept();

CREATE FUNCTION editions_class_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.class_opinion_id IS NOT NULL AND (OLD.class_opinion_id IS DISTINCT FROM NEW.class_opinion_id OR OLD.content_hash IS NULL AND NEW.content_hash IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM class_opinions c WHERE c.id = NEW.class_opinion_id AND c.entry_id = NEW.entry_id AND c.verdict = 'agreed' AND c.disclosure_class = NEW.disclosure_class AND c.class_reason = NEW.class_reason) THEN RAISE EXCEPTION 'gate: an edition refers to the opinion that agreed to its class'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER editions_class_signed BEFORE UPDATE ON editions FOR EACH ROW EXECUTE FUNCTION editions_class_signed();

CREATE FUNCTION editions_opinion_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.content_hash IS NOT NULL AND NEW.class_opinion_id IS DISTINCT FROM OLD.class_opinion_id THEN RAISE EXCEPTION 'gate: a submitted edition keeps the opinion it came with'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER editions_opinion_kept BEFORE UPDATE ON editions FOR EACH ROW EXECUTE FUNCTION editions_opinion_kept();
CREATE FUNCTION redactions_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.applied_at IS NOT NULL AND NOT (NEW.name = '' AND NEW.result_name = '' AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.agency_id IS NOT DISTINCT FROM OLD.agency_id AND NEW.subject IS NOT DISTINCT FROM OLD.subject AND NEW.subject_id IS NOT DISTINCT FROM OLD.subject_id AND NEW.place_id IS NOT DISTINCT FROM OLD.place_id AND NEW.media_type IS NOT DISTINCT FROM OLD.media_type AND NEW.original_sha256 IS NOT DISTINCT FROM OLD.original_sha256 AND NEW.pages IS NOT DISTINCT FROM OLD.pages AND NEW.areas IS NOT DISTINCT FROM OLD.areas AND NEW.version IS NOT DISTINCT FROM OLD.version AND NEW.begun_by IS NOT DISTINCT FROM OLD.begun_by AND NEW.begun_at IS NOT DISTINCT FROM OLD.begun_at AND NEW.saved_by IS NOT DISTINCT FROM OLD.saved_by AND NEW.saved_at IS NOT DISTINCT FROM OLD.saved_at AND NEW.applied_by IS NOT DISTINCT FROM OLD.applied_by AND NEW.applied_at IS NOT DISTINCT FROM OLD.applied_at AND NEW.result_sha256 IS NOT DISTINCT FROM OLD.result_sha256 AND NEW.checks IS NOT DISTINCT FROM OLD.checks AND EXISTS (SELECT 1 FROM destruction_items d JOIN destruction_lists l ON l.id = d.list_id WHERE d.request_id = OLD.place_id AND l.second_by IS NOT NULL)) THEN RAISE EXCEPTION 'gate: a redaction that was applied is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER redactions_fixed BEFORE UPDATE ON redactions FOR EACH ROW EXECUTE FUNCTION redactions_fixed();

CREATE FUNCTION redactions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.applied_at IS NOT NULL THEN RAISE EXCEPTION 'gate: a redaction that was applied is kept'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER redactions_kept BEFORE DELETE ON redactions FOR EACH ROW EXECUTE FUNCTION redactions_kept();

CREATE FUNCTION enclosures_fixed_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM letters x JOIN letter_issues i ON i.letter_id = x.id WHERE x.kind IN ('reply', 'transfer_advice') AND x.request_id IN (NEW.request_id)) THEN RAISE EXCEPTION 'gate: what went out with a reply is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enclosures_fixed_insert BEFORE INSERT ON enclosures FOR EACH ROW EXECUTE FUNCTION enclosures_fixed_insert();

CREATE FUNCTION enclosures_fixed_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM letters x JOIN letter_issues i ON i.letter_id = x.id WHERE x.kind IN ('reply', 'transfer_advice') AND x.request_id IN (NEW.request_id, OLD.request_id)) AND NOT (NEW.name = '' AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.request_id IS NOT DISTINCT FROM OLD.request_id AND NEW.position IS NOT DISTINCT FROM OLD.position AND NEW.file_sha256 IS NOT DISTINCT FROM OLD.file_sha256 AND NEW.added_by IS NOT DISTINCT FROM OLD.added_by AND NEW.added_at IS NOT DISTINCT FROM OLD.added_at AND EXISTS (SELECT 1 FROM destruction_items d JOIN destruction_lists l ON l.id = d.list_id WHERE d.request_id = OLD.request_id AND l.second_by IS NOT NULL)) THEN RAISE EXCEPTION 'gate: what went out with a reply is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enclosures_fixed_update BEFORE UPDATE ON enclosures FOR EACH ROW EXECUTE FUNCTION enclosures_fixed_update();

CREATE FUNCTION enclosures_fixed_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM letters x JOIN letter_issues i ON i.letter_id = x.id WHERE x.kind IN ('reply', 'transfer_advice') AND x.request_id IN (OLD.request_id)) THEN RAISE EXCEPTION 'gate: what went out with a reply is never changed'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER enclosures_fixed_delete BEFORE DELETE ON enclosures FOR EACH ROW EXECUTE FUNCTION enclosures_fixed_delete();

CREATE FUNCTION grievances_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The contact may be sealed anew with another key.
    IF OLD.concluded_on IS NOT NULL AND NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.agency_id IS NOT DISTINCT FROM OLD.agency_id AND NEW.number IS NOT DISTINCT FROM OLD.number AND NEW.query_code_hash IS NOT DISTINCT FROM OLD.query_code_hash AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.request_id IS NOT DISTINCT FROM OLD.request_id AND NEW.received_on IS NOT DISTINCT FROM OLD.received_on AND NEW.due_on IS NOT DISTINCT FROM OLD.due_on AND NEW.outcome IS NOT DISTINCT FROM OLD.outcome AND NEW.letter_number IS NOT DISTINCT FROM OLD.letter_number AND NEW.concluded_on IS NOT DISTINCT FROM OLD.concluded_on AND NEW.concluded_by IS NOT DISTINCT FROM OLD.concluded_by AND NEW.created_at IS NOT DISTINCT FROM OLD.created_at AND ((NEW.about IS NOT DISTINCT FROM OLD.about AND NEW.person_name IS NOT DISTINCT FROM OLD.person_name AND NEW.statement IS NOT DISTINCT FROM OLD.statement AND NEW.evidence IS NOT DISTINCT FROM OLD.evidence AND NEW.outcome_words IS NOT DISTINCT FROM OLD.outcome_words AND NEW.referred_to IS NOT DISTINCT FROM OLD.referred_to) OR (NEW.about = '' AND NEW.person_name = '' AND NEW.statement = '' AND NEW.evidence = '' AND NEW.outcome_words = '' AND NEW.referred_to = '' AND EXISTS (SELECT 1 FROM destruction_items d JOIN destruction_lists l ON l.id = d.list_id WHERE (d.request_id = OLD.request_id OR d.grievance_id = OLD.id) AND l.second_by IS NOT NULL)))) THEN RAISE EXCEPTION 'gate: a matter that has ended is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grievances_fixed BEFORE UPDATE ON grievances FOR EACH ROW EXECUTE FUNCTION grievances_fixed();

CREATE FUNCTION destruction_items_before_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM destruction_lists l WHERE l.id = NEW.list_id AND l.first_by IS NOT NULL) THEN RAISE EXCEPTION 'gate: nothing joins a destruction list that was approved'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER destruction_items_before_approval BEFORE INSERT ON destruction_items FOR EACH ROW EXECUTE FUNCTION destruction_items_before_approval();

CREATE FUNCTION destruction_items_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a destruction list is never changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER destruction_items_fixed BEFORE UPDATE ON destruction_items FOR EACH ROW EXECUTE FUNCTION destruction_items_fixed();

CREATE FUNCTION destruction_items_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 1 = 1 THEN RAISE EXCEPTION 'gate: a destruction list is kept'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER destruction_items_kept BEFORE DELETE ON destruction_items FOR EACH ROW EXECUTE FUNCTION destruction_items_kept();
