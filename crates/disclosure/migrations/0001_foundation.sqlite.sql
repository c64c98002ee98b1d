-- Refusals that hold for every program and every hand: see ARCHITECTURE.md, "The gate".

CREATE TRIGGER editions_content_frozen BEFORE UPDATE ON editions
WHEN OLD.content_hash IS NOT NULL AND (NEW.entry_id IS NOT OLD.entry_id OR NEW.ordinal IS NOT OLD.ordinal OR NEW.title IS NOT OLD.title OR NEW.summary IS NOT OLD.summary OR NEW.body_html IS NOT OLD.body_html OR NEW.document_number IS NOT OLD.document_number OR NEW.genre IS NOT OLD.genre OR NEW.keywords IS NOT OLD.keywords OR NEW.source IS NOT OLD.source OR NEW.validity IS NOT OLD.validity OR NEW.made_on IS NOT OLD.made_on OR NEW.disclosure_class IS NOT OLD.disclosure_class OR NEW.class_reason IS NOT OLD.class_reason OR NEW.change_note IS NOT OLD.change_note OR NEW.co_issuers IS NOT OLD.co_issuers OR NEW.theme IS NOT OLD.theme OR NEW.subtheme IS NOT OLD.subtheme OR NEW.effective_on IS NOT OLD.effective_on OR NEW.expires_on IS NOT OLD.expires_on OR NEW.contact IS NOT OLD.contact OR NEW.author_id IS NOT OLD.author_id)
BEGIN SELECT RAISE(ABORT, 'gate: a submitted edition cannot be changed; return it first'); END;

CREATE TRIGGER editions_hash_kept BEFORE UPDATE ON editions
WHEN OLD.content_hash IS NOT NULL AND NEW.content_hash IS NOT OLD.content_hash AND (EXISTS (SELECT 1 FROM reviews v WHERE v.edition_id = OLD.id AND v.state IN ('open', 'signed')) OR EXISTS (SELECT 1 FROM releases r WHERE r.edition_id = OLD.id))
BEGIN SELECT RAISE(ABORT, 'gate: the content hash of an edition under review or released is fixed'); END;

CREATE TRIGGER editions_kept BEFORE DELETE ON editions
WHEN EXISTS (SELECT 1 FROM reviews v WHERE v.edition_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'gate: an edition that was reviewed is kept'); END;

CREATE TRIGGER attachments_frozen_insert BEFORE INSERT ON attachments
WHEN EXISTS (SELECT 1 FROM editions d WHERE d.id IN (NEW.edition_id) AND d.content_hash IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'gate: the attachments of a submitted edition cannot be changed'); END;

CREATE TRIGGER attachments_frozen_update BEFORE UPDATE ON attachments
WHEN EXISTS (SELECT 1 FROM editions d WHERE d.id IN (NEW.edition_id, OLD.edition_id) AND d.content_hash IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'gate: the attachments of a submitted edition cannot be changed'); END;

CREATE TRIGGER attachments_frozen_delete BEFORE DELETE ON attachments
WHEN EXISTS (SELECT 1 FROM editions d WHERE d.id IN (OLD.edition_id) AND d.content_hash IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'gate: the attachments of a submitted edition cannot be changed'); END;

CREATE TRIGGER reviews_open BEFORE INSERT ON reviews
WHEN NEW.state <> 'open' OR NEW.closed_at IS NOT NULL OR NOT (EXISTS (SELECT 1 FROM editions d JOIN entries e ON e.id = d.entry_id WHERE d.id = NEW.edition_id AND d.content_hash = NEW.content_hash AND e.agency_id = NEW.agency_id) OR EXISTS (SELECT 1 FROM letters x JOIN requests q ON q.id = x.request_id WHERE x.id = NEW.letter_id AND x.content_hash = NEW.content_hash AND q.agency_id = NEW.agency_id))
BEGIN SELECT RAISE(ABORT, 'gate: a review opens over the hash of what was submitted'); END;

CREATE TRIGGER reviews_subject_fixed BEFORE UPDATE ON reviews
WHEN OLD.state <> 'open' OR (NEW.id IS NOT OLD.id OR NEW.agency_id IS NOT OLD.agency_id OR NEW.edition_id IS NOT OLD.edition_id OR NEW.letter_id IS NOT OLD.letter_id OR NEW.content_hash IS NOT OLD.content_hash OR NEW.opened_at IS NOT OLD.opened_at)
BEGIN SELECT RAISE(ABORT, 'gate: a review keeps its subject, and a closed one stays closed'); END;

CREATE TRIGGER reviews_signed_when_all_signed BEFORE UPDATE ON reviews
WHEN NEW.state = 'signed' AND (NOT EXISTS (SELECT 1 FROM review_stages g WHERE g.review_id = NEW.id) OR EXISTS (SELECT 1 FROM review_stages g WHERE g.review_id = NEW.id AND NOT EXISTS (SELECT 1 FROM sign_offs s WHERE s.review_id = g.review_id AND s.stage = g.stage AND s.verdict = 'signed')))
BEGIN SELECT RAISE(ABORT, 'gate: a review is signed when every stage has signed'); END;

CREATE TRIGGER reviews_kept BEFORE DELETE ON reviews
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a review is kept'); END;

CREATE TRIGGER review_stages_fixed BEFORE UPDATE ON review_stages
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: the chain of a running review is fixed'); END;

CREATE TRIGGER review_stages_kept BEFORE DELETE ON review_stages
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: the chain of a running review is fixed'); END;

CREATE TRIGGER review_stages_before_sign_offs BEFORE INSERT ON review_stages
WHEN EXISTS (SELECT 1 FROM sign_offs s WHERE s.review_id = NEW.review_id)
BEGIN SELECT RAISE(ABORT, 'gate: the chain of a running review is fixed'); END;

CREATE TRIGGER sign_offs_open_review BEFORE INSERT ON sign_offs
WHEN NOT EXISTS (SELECT 1 FROM reviews v WHERE v.id = NEW.review_id AND v.state = 'open' AND v.content_hash = NEW.content_hash)
BEGIN SELECT RAISE(ABORT, 'gate: a sign-off is over the hash under an open review'); END;

CREATE TRIGGER sign_offs_not_author BEFORE INSERT ON sign_offs
WHEN EXISTS (SELECT 1 FROM reviews v JOIN editions d ON d.id = v.edition_id WHERE v.id = NEW.review_id AND d.author_id = NEW.person_id) OR EXISTS (SELECT 1 FROM reviews v JOIN edition_authors w ON w.edition_id = v.edition_id WHERE v.id = NEW.review_id AND w.person_id = NEW.person_id) OR EXISTS (SELECT 1 FROM reviews v JOIN letters x ON x.id = v.letter_id WHERE v.id = NEW.review_id AND x.drafted_by = NEW.person_id)
BEGIN SELECT RAISE(ABORT, 'gate: no one signs their own draft'); END;

CREATE TRIGGER sign_offs_in_order BEFORE INSERT ON sign_offs
WHEN (SELECT COUNT(*) FROM sign_offs s WHERE s.review_id = NEW.review_id AND s.stage < NEW.stage AND s.verdict = 'signed') <> NEW.stage - 1
BEGIN SELECT RAISE(ABORT, 'gate: stages are signed in order'); END;

CREATE TRIGGER sign_offs_by_role BEFORE INSERT ON sign_offs
WHEN NOT EXISTS (SELECT 1 FROM review_stages g JOIN reviews v ON v.id = g.review_id JOIN user_roles u ON u.agency_id = v.agency_id AND u.role = g.kind WHERE g.review_id = NEW.review_id AND g.stage = NEW.stage AND u.user_id = COALESCE(NEW.on_behalf_of, NEW.person_id)) OR (NEW.on_behalf_of IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review_stages g JOIN reviews v ON v.id = g.review_id JOIN review_deputies p ON p.agency_id = v.agency_id AND p.role = g.kind WHERE g.review_id = NEW.review_id AND g.stage = NEW.stage AND p.principal_id = NEW.on_behalf_of AND p.deputy_id = NEW.person_id AND p.ended_at IS NULL AND p.since_at <= NEW.signed_at AND NEW.signed_at < p.until_at))
BEGIN SELECT RAISE(ABORT, 'gate: the stage belongs to another role'); END;

-- What people wrote goes with a request whose destruction two others approved; who signed what when stays.
CREATE TRIGGER sign_offs_fixed BEFORE UPDATE ON sign_offs
WHEN NOT (NEW.opinion = '' AND NEW.id IS OLD.id AND NEW.review_id IS OLD.review_id AND NEW.stage IS OLD.stage AND NEW.person_id IS OLD.person_id AND NEW.verdict IS OLD.verdict AND NEW.checklist IS OLD.checklist AND NEW.content_hash IS OLD.content_hash AND NEW.signed_at IS OLD.signed_at AND NEW.ticked IS OLD.ticked AND NEW.on_behalf_of IS OLD.on_behalf_of AND EXISTS (SELECT 1 FROM reviews v JOIN letters x ON x.id = v.letter_id WHERE v.id = OLD.review_id AND EXISTS (SELECT 1 FROM destruction_items d JOIN destruction_lists l ON l.id = d.list_id WHERE d.request_id = x.request_id AND l.second_by IS NOT NULL)))
BEGIN SELECT RAISE(ABORT, 'gate: a sign-off is never changed'); END;

CREATE TRIGGER sign_offs_kept BEFORE DELETE ON sign_offs
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a sign-off is never removed'); END;

CREATE TRIGGER releases_fixed BEFORE UPDATE ON releases
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a release is never changed'); END;

CREATE TRIGGER releases_kept BEFORE DELETE ON releases
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a release is never removed'); END;

CREATE TRIGGER letter_issues_fixed BEFORE UPDATE ON letter_issues
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an issued letter is never changed'); END;

CREATE TRIGGER letter_issues_kept BEFORE DELETE ON letter_issues
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an issued letter is never removed'); END;

CREATE TRIGGER releases_signed BEFORE INSERT ON releases
WHEN NOT EXISTS (
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
          AND EXISTS (SELECT 1 FROM emergency_signatures s WHERE s.review_id = x.review_id AND s.role IN ('leader', 'principal_leader')))
BEGIN SELECT RAISE(ABORT, 'gate: nothing is released without the signed-off review of exactly these bytes'); END;

CREATE TRIGGER letter_issues_signed BEFORE INSERT ON letter_issues
WHEN NOT EXISTS (
        SELECT 1 FROM reviews v
        WHERE v.id = NEW.review_id AND v.letter_id = NEW.letter_id AND v.state = 'signed' AND v.content_hash = NEW.content_hash
          AND EXISTS (SELECT 1 FROM letters x WHERE x.id = v.letter_id AND x.content_hash = v.content_hash)
          AND (SELECT COUNT(*) FROM review_stages g WHERE g.review_id = v.id) >= 1
          AND (SELECT COUNT(DISTINCT s.person_id) FROM sign_offs s
               WHERE s.review_id = v.id AND s.verdict = 'signed' AND s.content_hash = v.content_hash)
            = (SELECT COUNT(*) FROM review_stages g WHERE g.review_id = v.id)
          AND (SELECT MAX(s.signed_at) FROM sign_offs s WHERE s.review_id = v.id) <= NEW.issued_at)
BEGIN SELECT RAISE(ABORT, 'gate: no letter leaves without the signed-off review of exactly its bytes'); END;

CREATE TRIGGER letters_frozen BEFORE UPDATE ON letters
WHEN EXISTS (SELECT 1 FROM reviews v WHERE v.letter_id = OLD.id AND v.state IN ('open', 'signed'))
BEGIN SELECT RAISE(ABORT, 'gate: a letter under review cannot be changed; return it first'); END;

CREATE TRIGGER letters_kept BEFORE DELETE ON letters
WHEN EXISTS (SELECT 1 FROM reviews v WHERE v.letter_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'gate: a letter that was reviewed is kept'); END;

CREATE TRIGGER entries_start_unreleased BEFORE INSERT ON entries
WHEN NEW.live_edition_id IS NOT NULL OR NEW.index_number IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'gate: an entry starts unreleased'); END;

CREATE TRIGGER entries_live_is_released BEFORE UPDATE ON entries
WHEN NEW.live_edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM releases r WHERE r.edition_id = NEW.live_edition_id AND r.entry_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'gate: only a released edition can be live'); END;

CREATE TRIGGER entries_number_fixed BEFORE UPDATE ON entries
WHEN OLD.index_number IS NOT NULL AND NEW.index_number IS NOT OLD.index_number
BEGIN SELECT RAISE(ABORT, 'gate: an index number is never changed'); END;

CREATE TRIGGER entries_number_kept BEFORE DELETE ON entries
WHEN OLD.index_number IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'gate: an index number is never given up'); END;

CREATE TRIGGER edition_authors_fixed BEFORE UPDATE ON edition_authors
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an author of an edition stays one'); END;

CREATE TRIGGER edition_authors_kept BEFORE DELETE ON edition_authors
WHEN EXISTS (SELECT 1 FROM editions d WHERE d.id = OLD.edition_id)
BEGIN SELECT RAISE(ABORT, 'gate: an author of an edition stays one'); END;

CREATE TRIGGER files_fixed BEFORE UPDATE ON files
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a stored file is never changed'); END;

CREATE TRIGGER entries_place_fixed BEFORE UPDATE ON entries
WHEN (NEW.agency_id <> OLD.agency_id OR NEW.catalogue_line_id <> OLD.catalogue_line_id OR NEW.created_by <> OLD.created_by) AND EXISTS (SELECT 1 FROM editions d WHERE d.entry_id = OLD.id AND d.content_hash IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'gate: agency and catalogue line were signed with the content; they stay'); END;

CREATE TRIGGER editions_identity BEFORE UPDATE ON editions
WHEN NEW.id <> OLD.id OR NEW.entry_id <> OLD.entry_id OR NEW.ordinal <> OLD.ordinal
BEGIN SELECT RAISE(ABORT, 'gate: an edition keeps its identity'); END;

CREATE TRIGGER entries_identity BEFORE UPDATE ON entries
WHEN NEW.id <> OLD.id
BEGIN SELECT RAISE(ABORT, 'gate: an entry keeps its identity'); END;

CREATE TRIGGER attachments_identity BEFORE UPDATE ON attachments
WHEN NEW.id <> OLD.id OR NEW.edition_id <> OLD.edition_id
BEGIN SELECT RAISE(ABORT, 'gate: an attachment keeps its identity'); END;

CREATE TRIGGER letters_identity BEFORE UPDATE ON letters
WHEN NEW.id <> OLD.id OR NEW.request_id <> OLD.request_id OR NEW.number <> OLD.number
BEGIN SELECT RAISE(ABORT, 'gate: a letter keeps its identity'); END;

-- `INSERT OR REPLACE` removes the row in its way without asking the triggers on DELETE: refused here.

CREATE TRIGGER editions_not_replaced BEFORE INSERT ON editions
WHEN EXISTS (SELECT 1 FROM editions x WHERE x.id = NEW.id OR (x.entry_id = NEW.entry_id AND x.ordinal = NEW.ordinal))
BEGIN SELECT RAISE(ABORT, 'gate: a row of editions is added once and never replaced'); END;

CREATE TRIGGER entries_not_replaced BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries x WHERE x.id = NEW.id OR x.index_number = NEW.index_number)
BEGIN SELECT RAISE(ABORT, 'gate: a row of entries is added once and never replaced'); END;

CREATE TRIGGER attachments_not_replaced BEFORE INSERT ON attachments
WHEN EXISTS (SELECT 1 FROM attachments x WHERE x.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'gate: a row of attachments is added once and never replaced'); END;

CREATE TRIGGER reviews_not_replaced BEFORE INSERT ON reviews
WHEN EXISTS (SELECT 1 FROM reviews x WHERE x.id = NEW.id OR (x.state = 'open' AND (x.edition_id = NEW.edition_id OR x.letter_id = NEW.letter_id)))
BEGIN SELECT RAISE(ABORT, 'gate: a row of reviews is added once and never replaced'); END;

CREATE TRIGGER review_stages_not_replaced BEFORE INSERT ON review_stages
WHEN EXISTS (SELECT 1 FROM review_stages x WHERE x.review_id = NEW.review_id AND x.stage = NEW.stage)
BEGIN SELECT RAISE(ABORT, 'gate: a row of review_stages is added once and never replaced'); END;

CREATE TRIGGER sign_offs_not_replaced BEFORE INSERT ON sign_offs
WHEN EXISTS (SELECT 1 FROM sign_offs x WHERE x.id = NEW.id OR (x.review_id = NEW.review_id AND (x.stage = NEW.stage OR x.person_id = NEW.person_id)))
BEGIN SELECT RAISE(ABORT, 'gate: a row of sign_offs is added once and never replaced'); END;

CREATE TRIGGER releases_not_replaced BEFORE INSERT ON releases
WHEN EXISTS (SELECT 1 FROM releases x WHERE x.edition_id = NEW.edition_id)
BEGIN SELECT RAISE(ABORT, 'gate: a row of releases is added once and never replaced'); END;

CREATE TRIGGER letters_not_replaced BEFORE INSERT ON letters
WHEN EXISTS (SELECT 1 FROM letters x WHERE x.id = NEW.id OR x.number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'gate: a row of letters is added once and never replaced'); END;

CREATE TRIGGER letter_issues_not_replaced BEFORE INSERT ON letter_issues
WHEN EXISTS (SELECT 1 FROM letter_issues x WHERE x.letter_id = NEW.letter_id)
BEGIN SELECT RAISE(ABORT, 'gate: a row of letter_issues is added once and never replaced'); END;

CREATE TRIGGER files_not_replaced BEFORE INSERT ON files
WHEN EXISTS (SELECT 1 FROM files x WHERE x.sha256 = NEW.sha256)
BEGIN SELECT RAISE(IGNORE); END;

CREATE TRIGGER edition_authors_not_replaced BEFORE INSERT ON edition_authors
WHEN EXISTS (SELECT 1 FROM edition_authors x WHERE x.edition_id = NEW.edition_id AND x.person_id = NEW.person_id)
BEGIN SELECT RAISE(IGNORE); END;

CREATE TRIGGER entries_number_not_replaced BEFORE UPDATE ON entries
WHEN NEW.index_number IS NOT OLD.index_number AND EXISTS (SELECT 1 FROM entries x WHERE x.index_number = NEW.index_number)
BEGIN SELECT RAISE(ABORT, 'gate: an index number is given once'); END;

-- The annual report.

CREATE TRIGGER report_snapshots_fixed BEFORE UPDATE ON report_snapshots
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a snapshot is never changed'); END;

CREATE TRIGGER report_snapshots_kept BEFORE DELETE ON report_snapshots
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a snapshot is never removed'); END;

CREATE TRIGGER report_snapshots_in_order BEFORE INSERT ON report_snapshots
WHEN NEW.ordinal <> (SELECT COUNT(*) FROM report_snapshots x WHERE x.agency_id = NEW.agency_id AND x.year = NEW.year) + 1 OR EXISTS (SELECT 1 FROM report_snapshots x WHERE x.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'gate: a snapshot is added once, after those before it'); END;

CREATE TRIGGER report_adjustments_fixed BEFORE UPDATE ON report_adjustments
WHEN OLD.ended_at IS NOT NULL OR (OLD.confirmed_by IS NOT NULL AND NEW.confirmed_by IS NOT OLD.confirmed_by) OR NEW.id IS NOT OLD.id OR NEW.agency_id IS NOT OLD.agency_id OR NEW.year IS NOT OLD.year OR NEW.cell IS NOT OLD.cell OR NEW.ledger_value IS NOT OLD.ledger_value OR NEW.value IS NOT OLD.value OR NEW.reason IS NOT OLD.reason OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.proposed_at IS NOT OLD.proposed_at
BEGIN SELECT RAISE(ABORT, 'gate: an adjustment is confirmed or ended, never rewritten'); END;

CREATE TRIGGER report_adjustments_kept BEFORE DELETE ON report_adjustments
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an adjustment is never removed'); END;

CREATE TRIGGER report_adjustments_begin BEFORE INSERT ON report_adjustments
WHEN NEW.confirmed_by IS NOT NULL OR NEW.ended_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM report_snapshots s WHERE s.agency_id = NEW.agency_id AND s.year = NEW.year) OR EXISTS (SELECT 1 FROM report_adjustments x WHERE x.id = NEW.id OR (x.agency_id = NEW.agency_id AND x.year = NEW.year AND x.cell = NEW.cell AND x.ended_at IS NULL))
BEGIN SELECT RAISE(ABORT, 'gate: an adjustment begins unconfirmed, once a cell, on a frozen year'); END;

CREATE TRIGGER report_submissions_begin BEFORE INSERT ON report_submissions
WHEN NEW.state <> 'prepared' OR NEW.approved_by IS NOT NULL OR NEW.decided_by IS NOT NULL OR NEW.ordinal <> (SELECT COUNT(*) FROM report_submissions x WHERE x.agency_id = NEW.agency_id AND x.year = NEW.year) + 1 OR NOT EXISTS (SELECT 1 FROM report_snapshots s WHERE s.id = NEW.snapshot_id AND s.agency_id = NEW.agency_id AND s.year = NEW.year) OR EXISTS (SELECT 1 FROM report_submissions x WHERE x.id = NEW.id OR (x.agency_id = NEW.agency_id AND x.year = NEW.year AND x.state IN ('prepared', 'submitted')))
BEGIN SELECT RAISE(ABORT, 'gate: a submission begins prepared, one at a time, from a frozen year'); END;

CREATE TRIGGER report_submissions_fixed BEFORE UPDATE ON report_submissions
WHEN NEW.id IS NOT OLD.id OR NEW.agency_id IS NOT OLD.agency_id OR NEW.year IS NOT OLD.year OR NEW.ordinal IS NOT OLD.ordinal OR NEW.snapshot_id IS NOT OLD.snapshot_id OR NEW.body IS NOT OLD.body OR NEW.sha256 IS NOT OLD.sha256 OR NEW.prepared_by IS NOT OLD.prepared_by OR NEW.prepared_at IS NOT OLD.prepared_at OR OLD.state IN ('declined', 'returned', 'accepted') OR (OLD.state = 'prepared' AND NEW.state NOT IN ('submitted', 'declined')) OR (OLD.state = 'submitted' AND NEW.state NOT IN ('returned', 'accepted')) OR (OLD.state = 'submitted' AND (NEW.approved_by IS NOT OLD.approved_by OR NEW.receipt_number IS NOT OLD.receipt_number OR NEW.submitted_on IS NOT OLD.submitted_on OR NEW.submitted_at IS NOT OLD.submitted_at))
BEGIN SELECT RAISE(ABORT, 'gate: a submission goes forward once and its content stays'); END;

CREATE TRIGGER report_submissions_kept BEFORE DELETE ON report_submissions
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a submission is never removed'); END;

CREATE TRIGGER report_editions_begin BEFORE INSERT ON report_editions
WHEN NOT EXISTS (SELECT 1 FROM report_submissions s WHERE s.id = NEW.submission_id AND s.agency_id = NEW.agency_id AND s.year = NEW.year AND s.state = 'accepted') OR NOT EXISTS (SELECT 1 FROM editions d JOIN entries e ON e.id = d.entry_id WHERE d.id = NEW.edition_id AND e.agency_id = NEW.agency_id AND d.content_hash IS NULL) OR EXISTS (SELECT 1 FROM report_editions x WHERE x.edition_id = NEW.edition_id)
BEGIN SELECT RAISE(ABORT, 'gate: a report is published when the district has accepted it'); END;

CREATE TRIGGER report_editions_fixed BEFORE UPDATE ON report_editions
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: the model of an edition is never changed'); END;

CREATE TRIGGER report_editions_kept BEFORE DELETE ON report_editions
WHEN EXISTS (SELECT 1 FROM editions d WHERE d.id = OLD.edition_id AND d.content_hash IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'gate: the model of a submitted edition is kept'); END;

CREATE TRIGGER editions_compiled BEFORE UPDATE ON editions
WHEN (NEW.body_html IS NOT OLD.body_html OR NEW.title IS NOT OLD.title) AND EXISTS (SELECT 1 FROM report_editions r WHERE r.edition_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'gate: the text of a compiled report is what was accepted'); END;

CREATE TRIGGER releases_checked BEFORE INSERT ON releases
WHEN EXISTS (SELECT 1 FROM editions d WHERE d.id = NEW.edition_id AND d.genre = 'annual_report') AND NOT EXISTS (SELECT 1 FROM report_editions r WHERE r.edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM report_entry_checks k WHERE k.edition_id = NEW.edition_id AND k.content_hash = NEW.content_hash)
BEGIN SELECT RAISE(ABORT, 'gate: an annual report is released compiled, or checked with exactly these bytes'); END;

-- The gazette.

CREATE TRIGGER gazette_items_added BEFORE INSERT ON gazette_items
WHEN EXISTS (SELECT 1 FROM gazette_issues g WHERE g.id = NEW.issue_id AND g.published_on IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'gate: a published issue of the gazette is never changed'); END;

CREATE TRIGGER gazette_items_kept BEFORE DELETE ON gazette_items
WHEN EXISTS (SELECT 1 FROM gazette_issues g WHERE g.id = OLD.issue_id AND g.published_on IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'gate: a published issue of the gazette is never changed'); END;

CREATE TRIGGER gazette_items_fixed BEFORE UPDATE ON gazette_items
WHEN EXISTS (SELECT 1 FROM gazette_issues g WHERE g.id IN (OLD.issue_id, NEW.issue_id) AND g.published_on IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'gate: a published issue of the gazette is never changed'); END;

CREATE TRIGGER gazette_issues_fixed BEFORE UPDATE ON gazette_issues
WHEN OLD.published_on IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'gate: a published issue of the gazette is never changed'); END;

CREATE TRIGGER gazette_issues_kept BEFORE DELETE ON gazette_issues
WHEN OLD.published_on IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'gate: a published issue of the gazette is never changed'); END;

-- 紧急发布 and 代理.

CREATE TRIGGER emergency_releases_open BEFORE INSERT ON emergency_releases
WHEN NOT EXISTS (SELECT 1 FROM reviews v WHERE v.id = NEW.review_id AND v.state = 'open' AND v.edition_id IS NOT NULL AND v.content_hash = NEW.content_hash) OR NEW.released_at IS NOT NULL OR NEW.concluded_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'gate: an emergency release is asked for over the hash under an open review'); END;

CREATE TRIGGER emergency_releases_fixed BEFORE UPDATE ON emergency_releases
WHEN NEW.review_id <> OLD.review_id OR NEW.content_hash <> OLD.content_hash OR NEW.reason <> OLD.reason OR NEW.public_note <> OLD.public_note OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at OR NEW.review_due_on <> OLD.review_due_on OR (OLD.released_at IS NOT NULL AND NEW.released_at IS NOT OLD.released_at) OR (OLD.concluded_at IS NOT NULL AND NEW.concluded_at IS NOT OLD.concluded_at)
BEGIN SELECT RAISE(ABORT, 'gate: an emergency release keeps what was asked for'); END;

CREATE TRIGGER emergency_releases_kept BEFORE DELETE ON emergency_releases
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an emergency release is never removed'); END;

CREATE TRIGGER emergency_signatures_rightful BEFORE INSERT ON emergency_signatures
WHEN NOT EXISTS (SELECT 1 FROM emergency_releases x JOIN reviews v ON v.id = x.review_id JOIN user_roles u ON u.agency_id = v.agency_id AND u.user_id = NEW.person_id AND u.role = NEW.role WHERE x.review_id = NEW.review_id AND x.content_hash = NEW.content_hash AND v.state = 'open' AND v.content_hash = NEW.content_hash AND NEW.role IN ('section_head', 'confidentiality_officer', 'leader', 'principal_leader')) OR EXISTS (SELECT 1 FROM reviews v JOIN editions d ON d.id = v.edition_id WHERE v.id = NEW.review_id AND d.author_id = NEW.person_id) OR EXISTS (SELECT 1 FROM reviews v JOIN edition_authors w ON w.edition_id = v.edition_id WHERE v.id = NEW.review_id AND w.person_id = NEW.person_id)
BEGIN SELECT RAISE(ABORT, 'gate: an emergency is signed by those who sign reviews, never by its author'); END;

CREATE TRIGGER emergency_signatures_fixed BEFORE UPDATE ON emergency_signatures
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an emergency signature is never changed'); END;

CREATE TRIGGER emergency_signatures_kept BEFORE DELETE ON emergency_signatures
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an emergency signature is never removed'); END;

CREATE TRIGGER review_deputies_kept BEFORE DELETE ON review_deputies
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a deputy''s appointment is never removed'); END;

CREATE TRIGGER review_deputies_fixed BEFORE UPDATE ON review_deputies
WHEN NEW.id <> OLD.id OR NEW.agency_id <> OLD.agency_id OR NEW.principal_id <> OLD.principal_id OR NEW.deputy_id <> OLD.deputy_id OR NEW.role <> OLD.role OR NEW.since_at <> OLD.since_at OR NEW.until_at <> OLD.until_at OR OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'gate: a deputy''s appointment is only ended'); END;

CREATE TRIGGER emergency_releases_not_replaced BEFORE INSERT ON emergency_releases
WHEN EXISTS (SELECT 1 FROM emergency_releases x WHERE x.review_id = NEW.review_id)
BEGIN SELECT RAISE(ABORT, 'gate: a row of emergency_releases is added once and never replaced'); END;

CREATE TRIGGER emergency_signatures_not_replaced BEFORE INSERT ON emergency_signatures
WHEN EXISTS (SELECT 1 FROM emergency_signatures x WHERE x.review_id = NEW.review_id AND x.person_id = NEW.person_id)
BEGIN SELECT RAISE(ABORT, 'gate: a row of emergency_signatures is added once and never replaced'); END;

-- 退回件.

CREATE TRIGGER ended_rounds_fixed BEFORE UPDATE ON ended_rounds
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: what was judged in a round is never changed'); END;

CREATE TRIGGER ended_rounds_kept BEFORE DELETE ON ended_rounds
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: what was judged in a round is never removed'); END;

CREATE TRIGGER ended_rounds_not_replaced BEFORE INSERT ON ended_rounds
WHEN EXISTS (SELECT 1 FROM ended_rounds x WHERE x.review_id = NEW.review_id)
BEGIN SELECT RAISE(ABORT, 'gate: a row of ended_rounds is added once and never replaced'); END;

-- 索引号.

CREATE TRIGGER index_rules_fixed BEFORE UPDATE ON index_rules
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a rule for index numbers is never changed'); END;

CREATE TRIGGER index_rules_kept BEFORE DELETE ON index_rules
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a rule for index numbers is never removed'); END;

CREATE TRIGGER index_rules_not_replaced BEFORE INSERT ON index_rules
WHEN EXISTS (SELECT 1 FROM index_rules x WHERE x.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'gate: a row of index_rules is added once and never replaced'); END;

CREATE TRIGGER index_numbers_fixed BEFORE UPDATE ON index_numbers
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an index number that was given is never changed'); END;

CREATE TRIGGER index_numbers_kept BEFORE DELETE ON index_numbers
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an index number that was given is never removed'); END;

CREATE TRIGGER index_numbers_not_replaced BEFORE INSERT ON index_numbers
WHEN EXISTS (SELECT 1 FROM index_numbers x WHERE x.number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'gate: a row of index_numbers is added once and never replaced'); END;

CREATE TRIGGER entries_number_given BEFORE UPDATE ON entries
WHEN OLD.index_number IS NULL AND NEW.index_number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM index_numbers n WHERE n.number = NEW.index_number AND n.entry_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'gate: an entry goes out under the number that was given to it'); END;

-- 拟发文件属性管理意见表.

CREATE TRIGGER class_opinions_fixed BEFORE UPDATE ON class_opinions
WHEN OLD.verdict IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.agency_id IS NOT OLD.agency_id OR NEW.entry_id IS NOT OLD.entry_id OR NEW.edition_id IS NOT OLD.edition_id OR NEW.title IS NOT OLD.title OR NEW.document_number IS NOT OLD.document_number OR NEW.disclosure_class IS NOT OLD.disclosure_class OR NEW.class_reason IS NOT OLD.class_reason OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.proposed_at IS NOT OLD.proposed_at
BEGIN SELECT RAISE(ABORT, 'gate: an opinion on the class is signed once'); END;

CREATE TRIGGER class_opinions_kept BEFORE DELETE ON class_opinions
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: an opinion on the class is never removed'); END;

CREATE TRIGGER class_opinion_rules_fixed BEFORE UPDATE ON class_opinion_rules
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a rule is replaced by a newer one, never changed'); END;

CREATE TRIGGER class_opinion_rules_kept BEFORE DELETE ON class_opinion_rules
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a rule is replaced by a newer one, never removed'); END;

CREATE TRIGGER editions_class_signed BEFORE UPDATE ON editions
WHEN NEW.class_opinion_id IS NOT NULL AND (OLD.class_opinion_id IS NOT NEW.class_opinion_id OR OLD.content_hash IS NULL AND NEW.content_hash IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM class_opinions c WHERE c.id = NEW.class_opinion_id AND c.entry_id = NEW.entry_id AND c.verdict = 'agreed' AND c.disclosure_class = NEW.disclosure_class AND c.class_reason = NEW.class_reason)
BEGIN SELECT RAISE(ABORT, 'gate: an edition refers to the opinion that agreed to its class'); END;

CREATE TRIGGER editions_opinion_kept BEFORE UPDATE ON editions
WHEN OLD.content_hash IS NOT NULL AND NEW.class_opinion_id IS NOT OLD.class_opinion_id
BEGIN SELECT RAISE(ABORT, 'gate: a submitted edition keeps the opinion it came with'); END;

CREATE TRIGGER class_opinions_not_replaced BEFORE INSERT ON class_opinions
WHEN EXISTS (SELECT 1 FROM class_opinions x WHERE x.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'gate: a row of class_opinions is added once and never replaced'); END;
CREATE TRIGGER redactions_fixed BEFORE UPDATE ON redactions
WHEN OLD.applied_at IS NOT NULL AND NOT (NEW.name = '' AND NEW.result_name = '' AND NEW.id IS OLD.id AND NEW.agency_id IS OLD.agency_id AND NEW.subject IS OLD.subject AND NEW.subject_id IS OLD.subject_id AND NEW.place_id IS OLD.place_id AND NEW.media_type IS OLD.media_type AND NEW.original_sha256 IS OLD.original_sha256 AND NEW.pages IS OLD.pages AND NEW.areas IS OLD.areas AND NEW.version IS OLD.version AND NEW.begun_by IS OLD.begun_by AND NEW.begun_at IS OLD.begun_at AND NEW.saved_by IS OLD.saved_by AND NEW.saved_at IS OLD.saved_at AND NEW.applied_by IS OLD.applied_by AND NEW.applied_at IS OLD.applied_at AND NEW.result_sha256 IS OLD.result_sha256 AND NEW.checks IS OLD.checks AND EXISTS (SELECT 1 FROM destruction_items d JOIN destruction_lists l ON l.id = d.list_id WHERE d.request_id = OLD.place_id AND l.second_by IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'gate: a redaction that was applied is never changed'); END;

CREATE TRIGGER redactions_kept BEFORE DELETE ON redactions
WHEN OLD.applied_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'gate: a redaction that was applied is kept'); END;

CREATE TRIGGER enclosures_fixed_insert BEFORE INSERT ON enclosures
WHEN EXISTS (SELECT 1 FROM letters x JOIN letter_issues i ON i.letter_id = x.id WHERE x.kind IN ('reply', 'transfer_advice') AND x.request_id IN (NEW.request_id))
BEGIN SELECT RAISE(ABORT, 'gate: what went out with a reply is never changed'); END;

CREATE TRIGGER enclosures_fixed_update BEFORE UPDATE ON enclosures
WHEN EXISTS (SELECT 1 FROM letters x JOIN letter_issues i ON i.letter_id = x.id WHERE x.kind IN ('reply', 'transfer_advice') AND x.request_id IN (NEW.request_id, OLD.request_id)) AND NOT (NEW.name = '' AND NEW.id IS OLD.id AND NEW.request_id IS OLD.request_id AND NEW.position IS OLD.position AND NEW.file_sha256 IS OLD.file_sha256 AND NEW.added_by IS OLD.added_by AND NEW.added_at IS OLD.added_at AND EXISTS (SELECT 1 FROM destruction_items d JOIN destruction_lists l ON l.id = d.list_id WHERE d.request_id = OLD.request_id AND l.second_by IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'gate: what went out with a reply is never changed'); END;

CREATE TRIGGER enclosures_fixed_delete BEFORE DELETE ON enclosures
WHEN EXISTS (SELECT 1 FROM letters x JOIN letter_issues i ON i.letter_id = x.id WHERE x.kind IN ('reply', 'transfer_advice') AND x.request_id IN (OLD.request_id))
BEGIN SELECT RAISE(ABORT, 'gate: what went out with a reply is never changed'); END;

-- The contact may be sealed anew with another key.
CREATE TRIGGER grievances_fixed BEFORE UPDATE ON grievances
WHEN OLD.concluded_on IS NOT NULL AND NOT (NEW.id IS OLD.id AND NEW.agency_id IS OLD.agency_id AND NEW.number IS OLD.number AND NEW.query_code_hash IS OLD.query_code_hash AND NEW.kind IS OLD.kind AND NEW.request_id IS OLD.request_id AND NEW.received_on IS OLD.received_on AND NEW.due_on IS OLD.due_on AND NEW.outcome IS OLD.outcome AND NEW.letter_number IS OLD.letter_number AND NEW.concluded_on IS OLD.concluded_on AND NEW.concluded_by IS OLD.concluded_by AND NEW.created_at IS OLD.created_at AND ((NEW.about IS OLD.about AND NEW.person_name IS OLD.person_name AND NEW.statement IS OLD.statement AND NEW.evidence IS OLD.evidence AND NEW.outcome_words IS OLD.outcome_words AND NEW.referred_to IS OLD.referred_to) OR (NEW.about = '' AND NEW.person_name = '' AND NEW.statement = '' AND NEW.evidence = '' AND NEW.outcome_words = '' AND NEW.referred_to = '' AND EXISTS (SELECT 1 FROM destruction_items d JOIN destruction_lists l ON l.id = d.list_id WHERE (d.request_id = OLD.request_id OR d.grievance_id = OLD.id) AND l.second_by IS NOT NULL))))
BEGIN SELECT RAISE(ABORT, 'gate: a matter that has ended is never changed'); END;

CREATE TRIGGER destruction_items_before_approval BEFORE INSERT ON destruction_items
WHEN EXISTS (SELECT 1 FROM destruction_lists l WHERE l.id = NEW.list_id AND l.first_by IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'gate: nothing joins a destruction list that was approved'); END;

CREATE TRIGGER destruction_items_fixed BEFORE UPDATE ON destruction_items
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a destruction list is never changed'); END;

CREATE TRIGGER destruction_items_kept BEFORE DELETE ON destruction_items
WHEN 1 = 1
BEGIN SELECT RAISE(ABORT, 'gate: a destruction list is kept'); END;
