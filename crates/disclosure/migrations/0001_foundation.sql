-- The ledger. One text for SQLite and PostgreSQL: TEXT, BIGINT, BYTEA/BLOB only; dates 'YYYY-MM-DD',
-- instants RFC 3339 UTC, booleans 0/1, stable codes instead of words, JSON as TEXT.
-- What must never happen is refused by triggers, in 0001_foundation.{sqlite,postgres}.sql.

-- accounts ------------------------------------------------------------------------------------------

CREATE TABLE agencies (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,                -- short letters used in index numbers and addresses
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('district_office', 'government', 'bureau', 'town', 'subdistrict')),
    parent_id TEXT REFERENCES agencies (id),
    region TEXT NOT NULL,                     -- six-digit administrative division code
    address TEXT NOT NULL,
    office_hours TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    reconsideration_body TEXT NOT NULL,       -- 行政复议机关, printed in every notice of remedies
    court TEXT NOT NULL,                      -- 有管辖权的人民法院
    document_word TEXT NOT NULL,              -- 发文代字: what letter numbers begin with, e.g. 松溪政
    position BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    email TEXT,                               -- where reminders go; NULL: to the agency's own mailbox
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    password_hash TEXT NOT NULL,
    is_active BIGINT NOT NULL DEFAULT 1,
    failed_logins BIGINT NOT NULL DEFAULT 0,
    locked_until TEXT,
    created_at TEXT NOT NULL
);

CREATE TABLE user_roles (
    user_id TEXT NOT NULL REFERENCES users (id),
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    role TEXT NOT NULL,
    PRIMARY KEY (user_id, agency_id, role)
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

-- audit: the hash chain, also the change log that caches and the search index follow -----------------

CREATE TABLE audit_log (
    seq BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    room TEXT NOT NULL,
    act TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_log_by_subject ON audit_log (subject_id, seq);
CREATE INDEX audit_log_by_agency ON audit_log (agency_id, seq);

CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

-- Numbers that are handed out once and never again: index numbers, request numbers, letter numbers.
CREATE TABLE counters (
    scope TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

-- catalogue -----------------------------------------------------------------------------------------

CREATE TABLE catalogue_lines (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    code TEXT NOT NULL,
    category TEXT NOT NULL,                   -- code of the duty in 条例 art. 20 or 21
    title TEXT NOT NULL,
    elements TEXT NOT NULL,                   -- 公开内容（要素）
    basis TEXT NOT NULL,
    time_limit TEXT NOT NULL,
    period_days BIGINT,                       -- NULL: on occasion; else a new entry is expected this often
    channels TEXT NOT NULL,
    responsible_office TEXT NOT NULL,
    position BIGINT NOT NULL,
    topic TEXT NOT NULL DEFAULT '',           -- 一级事项
    audience TEXT NOT NULL DEFAULT '',        -- 特定群体; empty: 全社会
    method TEXT NOT NULL DEFAULT 'proactive' CHECK (method IN ('proactive', 'on_request')),
    levels TEXT NOT NULL DEFAULT '',          -- 公开层级
    retired_on TEXT,                          -- nothing new under it since
    retired_reason TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (agency_id, code)
);

CREATE TABLE catalogue_line_versions (        -- how a line was until it was changed
    line_id TEXT NOT NULL REFERENCES catalogue_lines (id),
    version BIGINT NOT NULL,
    body TEXT NOT NULL,                       -- JSON
    note TEXT NOT NULL,
    changed_by TEXT NOT NULL REFERENCES users (id),
    changed_at TEXT NOT NULL,
    PRIMARY KEY (line_id, version)
);

-- publishing ----------------------------------------------------------------------------------------

CREATE TABLE entries (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    catalogue_line_id TEXT NOT NULL REFERENCES catalogue_lines (id),
    index_number TEXT UNIQUE,                 -- given once, at first release
    live_edition_id TEXT,                     -- what the public sees; set only after a release
    first_released_at TEXT,
    first_released_on TEXT,                   -- the day in China; lists and periods go by it
    last_released_at TEXT,
    withdrawn_at TEXT,
    withdrawal_class TEXT,
    withdrawal_reason TEXT,                   -- what the public reads in its place
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL
);
CREATE INDEX entries_by_release ON entries (first_released_on, index_number);
CREATE INDEX entries_by_agency ON entries (agency_id, first_released_on);
CREATE INDEX entries_by_line ON entries (catalogue_line_id, first_released_on);
CREATE UNIQUE INDEX entries_by_live_edition ON entries (live_edition_id);

CREATE TABLE class_opinions (                 -- 《拟发文件属性管理意见表》; outlives a draft that is deleted
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    entry_id TEXT NOT NULL,
    edition_id TEXT NOT NULL,
    title TEXT NOT NULL,
    document_number TEXT NOT NULL,
    disclosure_class TEXT NOT NULL CHECK (disclosure_class IN ('proactive', 'on_request', 'not_disclosed')),
    class_reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at TEXT NOT NULL,
    verdict TEXT CHECK (verdict IN ('agreed', 'declined', 'replaced')),
    words TEXT NOT NULL,
    decided_by TEXT REFERENCES users (id),
    decided_at TEXT,
    CHECK ((verdict IS NULL) = (decided_at IS NULL)),
    CHECK (verdict = 'replaced' OR decided_by <> proposed_by)
);
CREATE INDEX class_opinions_by_entry ON class_opinions (entry_id, proposed_at);
CREATE INDEX class_opinions_by_agency ON class_opinions (agency_id, proposed_at);

CREATE TABLE class_opinion_rules (            -- which information needs one; the newest holds
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    needed TEXT NOT NULL CHECK (needed IN ('never', 'documents', 'always')),
    set_by TEXT NOT NULL REFERENCES users (id),
    set_at TEXT NOT NULL
);
CREATE INDEX class_opinion_rules_by_agency ON class_opinion_rules (agency_id, set_at);

CREATE TABLE editions (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES entries (id),
    ordinal BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('drafting', 'in_review', 'returned', 'signed', 'released', 'superseded')),
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    body_html TEXT NOT NULL,                  -- already cleaned; shown as it is
    document_number TEXT,
    genre TEXT NOT NULL,
    keywords TEXT NOT NULL,
    source TEXT NOT NULL,
    validity TEXT CHECK (validity IN ('in_force', 'repealed', 'lapsed')),
    made_on TEXT NOT NULL,
    -- chosen by the drafter, never preset: empty until then
    disclosure_class TEXT NOT NULL CHECK (disclosure_class IN ('', 'proactive', 'on_request', 'not_disclosed')),
    class_reason TEXT NOT NULL,
    change_note TEXT NOT NULL,
    co_issuers TEXT NOT NULL,                 -- 联合发文机关
    theme TEXT NOT NULL,                      -- 主题分类: code of the first level, then words of the second
    subtheme TEXT NOT NULL,
    effective_on TEXT NOT NULL,               -- 施行日期 and 有效期至, where the document says them
    expires_on TEXT NOT NULL,
    contact TEXT NOT NULL,                    -- 咨询渠道
    author_id TEXT NOT NULL REFERENCES users (id),
    class_opinion_id TEXT REFERENCES class_opinions (id),
    content_hash TEXT,                        -- set when submitted; from then on the content is frozen
    submitted_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL DEFAULT 1,        -- optimistic lock: two people on one draft
    UNIQUE (entry_id, ordinal)
);
CREATE INDEX editions_by_state ON editions (state);
-- What lists are narrowed to is counted from this, without reading the texts.
CREATE INDEX editions_by_heading ON editions (id, disclosure_class, genre, validity, theme);
CREATE INDEX editions_by_author ON editions (author_id, state);
CREATE INDEX editions_by_made ON editions (made_on);
CREATE INDEX editions_by_genre ON editions (genre);

CREATE TABLE index_rules (                    -- 索引号的编号规则, each with the day it holds from
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    pattern TEXT NOT NULL,
    since_on TEXT NOT NULL,
    set_by TEXT NOT NULL REFERENCES users (id),
    set_at TEXT NOT NULL,
    UNIQUE (agency_id, since_on)
);

CREATE TABLE index_numbers (                  -- every number given or kept back; never changed, never given again
    number TEXT PRIMARY KEY,
    scope TEXT NOT NULL,
    serial BIGINT NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    entry_id TEXT UNIQUE,                     -- may be gone: a draft that was deleted; none: kept back
    title TEXT NOT NULL,
    reason TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at TEXT NOT NULL,
    UNIQUE (scope, serial)
);
CREATE INDEX index_numbers_by_agency ON index_numbers (agency_id, scope, serial);

CREATE TABLE edition_authors (                -- everyone who wrote at it; none of them may sign it
    -- checked at the end of a change: a draft that is thrown away goes before its authors do
    edition_id TEXT NOT NULL REFERENCES editions (id) DEFERRABLE INITIALLY DEFERRED,
    person_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (edition_id, person_id)
);

CREATE TABLE draft_workings (                 -- who is at a draft, and what they typed and did not save yet
    edition_id TEXT NOT NULL REFERENCES editions (id),
    person_id TEXT NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL,                  -- the version of the draft it was typed on
    form TEXT,                                -- JSON; NULL: nothing was typed
    saved_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (edition_id, person_id)
);

CREATE TABLE files (
    sha256 TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    stored_at TEXT NOT NULL
);

CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES editions (id),
    file_sha256 TEXT NOT NULL REFERENCES files (sha256),
    name TEXT NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX attachments_by_edition ON attachments (edition_id, position);
CREATE INDEX attachments_by_file ON attachments (file_sha256);

CREATE TABLE file_texts (                     -- what a file says, read once when it is attached
    file_sha256 TEXT PRIMARY KEY REFERENCES files (sha256),
    passages TEXT NOT NULL,                   -- JSON: place, text
    unread TEXT NOT NULL                      -- why not all of it could be read; empty when it was
);

CREATE TABLE cleaned_files (                  -- what was hidden in a file before it was attached; the original is sealed
    file_sha256 TEXT NOT NULL REFERENCES files (sha256),
    original_sha256 TEXT NOT NULL REFERENCES files (sha256),
    removed TEXT NOT NULL,                    -- JSON: kind, count
    PRIMARY KEY (file_sha256, original_sha256)
);

-- 定时发布: when a signed edition goes out; a job of its own fires once.
CREATE TABLE publish_times (
    edition_id TEXT PRIMARY KEY REFERENCES editions (id),
    release_at TEXT NOT NULL,
    set_by TEXT NOT NULL REFERENCES users (id),
    set_at TEXT NOT NULL,
    refused_at TEXT,                          -- the gate refused at that moment
    refusal TEXT
);

-- 渠道发布: where something was shown besides the portal.
CREATE TABLE postings (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    entry_id TEXT REFERENCES entries (id),    -- NULL: what is no entry
    title TEXT NOT NULL,
    channel TEXT NOT NULL,
    posted_on TEXT NOT NULL,
    until_on TEXT,
    place TEXT NOT NULL,
    owner TEXT NOT NULL,                      -- 责任人
    link TEXT NOT NULL,
    photo_sha256 TEXT REFERENCES files (sha256),
    note TEXT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES users (id),
    recorded_at TEXT NOT NULL,
    voided_at TEXT,
    void_reason TEXT,
    CHECK (link <> '' OR photo_sha256 IS NOT NULL)
);
CREATE INDEX postings_by_agency ON postings (agency_id, posted_on);
CREATE INDEX postings_by_entry ON postings (entry_id);
CREATE UNIQUE INDEX postings_once ON postings (agency_id, channel, place, link, posted_on, title) WHERE voided_at IS NULL;

-- the check before publication -----------------------------------------------------------------------

CREATE TABLE account_posts (                  -- 政务新媒体: what was asked to go out on an official account, and how far it came
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES entries (id),
    edition_id TEXT NOT NULL REFERENCES editions (id),
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    channel TEXT NOT NULL CHECK (channel IN ('wechat', 'weibo')),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'published', 'failed', 'uncertain')),
    progress TEXT NOT NULL,                   -- JSON: the last step the platform confirmed
    link TEXT NOT NULL,
    failure TEXT NOT NULL,
    asked_by TEXT NOT NULL REFERENCES users (id),
    asked_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX account_posts_by_entry ON account_posts (entry_id, asked_at);
CREATE UNIQUE INDEX account_posts_once ON account_posts (edition_id, channel) WHERE state <> 'failed';

CREATE TABLE copy_removals (                  -- 副本撤除: what must be taken back elsewhere because its entry was withdrawn
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES entries (id),
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    posting_id TEXT UNIQUE REFERENCES postings (id),     -- NULL: it is not certain that it went out
    post_id TEXT REFERENCES account_posts (id),          -- NULL: it was not sent by the program
    channel TEXT NOT NULL,
    title TEXT NOT NULL,
    place TEXT NOT NULL,
    link TEXT NOT NULL,
    owner TEXT NOT NULL,                      -- 责任人
    state TEXT NOT NULL CHECK (state IN ('waiting', 'by_hand', 'removed', 'confirmed')),
    failure TEXT NOT NULL,                    -- why a person must do it
    asked_at TEXT NOT NULL,
    done_at TEXT,
    done_by TEXT REFERENCES users (id),
    note TEXT NOT NULL,
    CHECK (posting_id IS NOT NULL OR post_id IS NOT NULL),
    CHECK ((done_at IS NOT NULL) = (state IN ('removed', 'confirmed'))),
    CHECK ((done_by IS NOT NULL) = (state = 'confirmed'))
);
CREATE INDEX copy_removals_by_entry ON copy_removals (entry_id);
CREATE INDEX copy_removals_open ON copy_removals (state) WHERE state IN ('waiting', 'by_hand');

CREATE TABLE word_check_words (               -- the agency's own, over the starting list of the program
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    word TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('wrong_word', 'sensitive_word', 'leader_title', 'non_public_document')),
    instead TEXT NOT NULL,
    weight TEXT NOT NULL CHECK (weight IN ('must', 'hint', 'off')),
    why TEXT NOT NULL,
    updated_by TEXT NOT NULL REFERENCES users (id),
    updated_at TEXT NOT NULL,
    PRIMARY KEY (agency_id, word)
);

CREATE TABLE word_check_exceptions (          -- what may stay as it is: a reason and a second person
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES entries (id),
    fingerprint TEXT NOT NULL,
    kind TEXT NOT NULL,
    shown TEXT NOT NULL,                      -- personal data in its masked form only
    reason TEXT NOT NULL CHECK (reason <> ''),
    asked_by TEXT NOT NULL REFERENCES users (id),
    asked_at TEXT NOT NULL,
    agreed_by TEXT REFERENCES users (id),
    agreed_at TEXT,
    UNIQUE (entry_id, fingerprint),
    CHECK (agreed_by IS NULL OR agreed_by <> asked_by),
    CHECK ((agreed_by IS NULL) = (agreed_at IS NULL))
);

-- requests ------------------------------------------------------------------------------------------

CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    number TEXT NOT NULL UNIQUE,
    query_code_hash TEXT NOT NULL,
    channel TEXT NOT NULL,
    applicant_kind TEXT NOT NULL,             -- column of the official form
    applicant_name TEXT NOT NULL,             -- sealed: key id, then ciphertext
    name_match TEXT NOT NULL DEFAULT '',      -- keyed hash of the name: finds a name typed in full
    particulars TEXT NOT NULL,                -- identity number and contact details, sealed: key id, then ciphertext
    identity_match TEXT NOT NULL,             -- keyed hash of the identity number: finds the same applicant, says no more
    agent_name TEXT,                          -- sealed
    request_key TEXT NOT NULL DEFAULT '',     -- what its letters are sealed with, itself sealed; blank once destroyed
    description TEXT NOT NULL,                -- what is sought, 条例 art. 29
    delivery TEXT NOT NULL,                   -- how it should be given
    help_wanted TEXT NOT NULL,                -- 条例 art. 43
    submitted_on TEXT NOT NULL,
    signed_on TEXT,
    confirmed_on TEXT,
    received_on TEXT,                         -- by statute::receipt, never typed
    reply_due_on TEXT,                        -- by statute::deadlines, recomputed at each event
    is_due_provisional BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    decision TEXT,                            -- code of statute::decisions::Decision
    decision_ground TEXT,                     -- 部分公开: the ground for what is withheld
    decision_reason TEXT,
    decision_parts TEXT NOT NULL DEFAULT '{}', -- what else the letter must say, by code of statute::decisions::Part
    decision_portions TEXT NOT NULL DEFAULT '[]', -- where parts of the request are answered differently: each with its answer
    decision_path TEXT NOT NULL DEFAULT '',   -- the answers that led to the decision: codes of statute::outcome_tree
    closed_on TEXT,                           -- the day it left the house or was closed; fixes its year
    handler_id TEXT REFERENCES users (id),
    created_at TEXT NOT NULL
);
CREATE INDEX requests_by_agency ON requests (agency_id, received_on);
CREATE INDEX requests_by_state ON requests (state, reply_due_on);
CREATE INDEX requests_by_applicant ON requests (agency_id, identity_match);

CREATE TABLE request_files (                  -- what a request came with; the bytes lie sealed under the id
    id TEXT PRIMARY KEY,
    request_id TEXT REFERENCES requests (id), -- NULL: waits under the token of its form
    stage_hash TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('identity', 'authorisation', 'attachment', 'original')),
    name TEXT NOT NULL,                       -- sealed
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,                     -- keyed hash of the content
    added_at TEXT NOT NULL,
    added_by TEXT REFERENCES users (id),      -- NULL: the applicant
    kept_until TEXT                           -- while it waits
);
CREATE INDEX request_files_by_request ON request_files (request_id);
CREATE INDEX request_files_by_stage ON request_files (stage_hash);

CREATE TABLE request_offers (                 -- 已公开信息的提示: what was shown before sending, and whether it helped; nobody's
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    index_number TEXT NOT NULL,
    month TEXT NOT NULL,                      -- 2026-03
    shown BIGINT NOT NULL,
    helped BIGINT NOT NULL,                   -- marked as what was sought
    missed BIGINT NOT NULL,                   -- marked as something else
    spared BIGINT NOT NULL,                   -- left without asking because of it
    PRIMARY KEY (agency_id, index_number, month)
);

CREATE TABLE privacy_viewings (               -- who opened whose personal data, when and what for
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    request_id TEXT NOT NULL REFERENCES requests (id),
    by_id TEXT NOT NULL REFERENCES users (id),
    seen TEXT NOT NULL,                       -- particulars, file
    file_kind TEXT NOT NULL DEFAULT '',       -- which kind of file was opened; never its name
    purpose TEXT NOT NULL,
    reason TEXT NOT NULL,
    list_id TEXT,                             -- opened together with others, as one list
    viewed_at TEXT NOT NULL
);
CREATE INDEX privacy_viewings_by_agency ON privacy_viewings (agency_id, viewed_at);
CREATE INDEX privacy_viewings_by_person ON privacy_viewings (by_id, viewed_at);

CREATE TABLE request_events (
    request_id TEXT NOT NULL REFERENCES requests (id),
    ordinal BIGINT NOT NULL,
    event TEXT NOT NULL,
    happened_on TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    by_id TEXT,                               -- NULL: the applicant or the program
    detail TEXT NOT NULL,
    PRIMARY KEY (request_id, ordinal)
);

CREATE TABLE request_supplements (            -- once only: the key is the request
    request_id TEXT PRIMARY KEY REFERENCES requests (id),
    noticed_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    items TEXT NOT NULL,
    supplemented_on TEXT,
    answer TEXT
);

CREATE TABLE request_reasons (                -- 说明理由, 条例 art. 35; once only: the key is the request
    request_id TEXT PRIMARY KEY REFERENCES requests (id),
    noticed_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    frequency TEXT NOT NULL,                  -- what is out of the ordinary
    stated_on TEXT,
    statement TEXT,
    delayed_on TEXT,                          -- the reasons are sound: told that the reply comes later
    delayed_until TEXT,
    delay_ground TEXT
);

CREATE TABLE request_extensions (             -- once only: the key is the request
    request_id TEXT PRIMARY KEY REFERENCES requests (id),
    ground TEXT NOT NULL,
    working_days BIGINT NOT NULL,
    proposed_on TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES users (id),
    approved_on TEXT,                         -- by someone else; only then the clock moves
    approved_by TEXT REFERENCES users (id),
    noticed_on TEXT,
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);

CREATE TABLE request_consultations (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    kind TEXT NOT NULL CHECK (kind IN ('third_party', 'agency')),
    party TEXT NOT NULL,
    contact TEXT NOT NULL DEFAULT '',         -- of an agency, as the register had it that day
    sent_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    subject TEXT NOT NULL,                    -- what is asked about
    answered_on TEXT,
    opinion TEXT CHECK (opinion IN ('agrees', 'objects', 'no_answer')),
    answer TEXT,
    overridden_on TEXT,                       -- the party objects, the public interest prevails: told before it is disclosed
    overridden_content TEXT,
    overridden_reason TEXT
);
CREATE INDEX request_consultations_by_request ON request_consultations (request_id);

CREATE TABLE request_fees (
    request_id TEXT PRIMARY KEY REFERENCES requests (id),
    basis TEXT NOT NULL CHECK (basis IN ('by_item', 'by_page')),
    count BIGINT NOT NULL,
    amount_yuan BIGINT NOT NULL,
    noticed_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    paid_on TEXT
);

CREATE TABLE escalation_rules (               -- 到期提醒: who is told besides the handler; the newest of an agency holds
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    remind_left BIGINT NOT NULL,
    escalate_left BIGINT NOT NULL,
    deputy_id TEXT NOT NULL REFERENCES users (id),
    set_by TEXT NOT NULL REFERENCES users (id),
    set_at TEXT NOT NULL,
    CHECK (escalate_left >= 0 AND escalate_left <= remind_left)
);
CREATE INDEX escalation_rules_by_agency ON escalation_rules (agency_id);

-- calendars: the yearly notice of days off, and the clocks it moved ------------------------------------

CREATE TABLE holiday_notices (
    id TEXT PRIMARY KEY,
    year BIGINT NOT NULL,
    number TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    holidays TEXT NOT NULL,                   -- days off and make-up days, as statute::calendar::Holiday
    state TEXT NOT NULL CHECK (state IN ('proposed', 'adopted', 'dismissed')),
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at TEXT NOT NULL,
    decided_by TEXT REFERENCES users (id),
    decided_at TEXT,
    CHECK (state <> 'adopted' OR (decided_by IS NOT NULL AND decided_by <> proposed_by))
);
CREATE UNIQUE INDEX holiday_notices_one_proposed ON holiday_notices (state) WHERE state = 'proposed';

CREATE TABLE clock_changes (
    notice_id TEXT NOT NULL REFERENCES holiday_notices (id),
    request_id TEXT NOT NULL REFERENCES requests (id),
    clock TEXT NOT NULL CHECK (clock IN ('reply', 'supplement', 'reasons', 'consultation', 'fee')),
    of_id TEXT NOT NULL,                      -- which consultation; empty for what a request has once
    due_before TEXT NOT NULL,
    due_after TEXT NOT NULL,
    PRIMARY KEY (notice_id, request_id, clock, of_id)
);
CREATE INDEX clock_changes_by_request ON clock_changes (request_id);

CREATE TABLE letters (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    kind TEXT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    body_html TEXT NOT NULL,                  -- sealed with the key of its request
    content_hash TEXT NOT NULL,               -- of the text, not of what it is sealed into
    drafted_by TEXT NOT NULL REFERENCES users (id),
    drafted_at TEXT NOT NULL,
    template_id TEXT NOT NULL DEFAULT ''      -- the wording it was written with; blank: the program's
);
CREATE INDEX letters_by_request ON letters (request_id);

CREATE TABLE letter_templates (               -- an agency's own wording; never changed, the newest that holds counts
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    signature TEXT NOT NULL,
    since TEXT NOT NULL,
    set_by TEXT NOT NULL REFERENCES users (id),
    set_at TEXT NOT NULL
);
CREATE INDEX letter_templates_by_agency ON letter_templates (agency_id, kind, since);

CREATE TABLE letter_seals (                   -- 盖章件: a letter as it was sealed; the newest is what goes out
    id TEXT PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES letters (id),
    content_hash TEXT NOT NULL,               -- of the letter that was sealed
    name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL REFERENCES files (sha256),
    added_by TEXT NOT NULL REFERENCES users (id),
    added_at TEXT NOT NULL
);
CREATE INDEX letter_seals_by_letter ON letter_seals (letter_id);

CREATE TABLE enclosures (                     -- 随答复提供的文件: what goes out with a reply
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL REFERENCES files (sha256),
    added_by TEXT NOT NULL REFERENCES users (id),
    added_at TEXT NOT NULL
);
CREATE INDEX enclosures_by_request ON enclosures (request_id, position);

CREATE TABLE redactions (                     -- 遮盖: areas of a file burned out of what goes out; the original is sealed
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    subject TEXT NOT NULL CHECK (subject IN ('enclosure', 'attachment')),
    subject_id TEXT NOT NULL,
    place_id TEXT NOT NULL,                   -- the request or the entry
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    original_sha256 TEXT NOT NULL REFERENCES files (sha256),
    pages BIGINT NOT NULL,
    areas TEXT NOT NULL,                      -- JSON: page, left, top, right, bottom, ground
    version BIGINT NOT NULL,
    begun_by TEXT NOT NULL REFERENCES users (id),
    begun_at TEXT NOT NULL,
    saved_by TEXT NOT NULL REFERENCES users (id),
    saved_at TEXT NOT NULL,
    applied_by TEXT REFERENCES users (id),
    applied_at TEXT,
    result_sha256 TEXT REFERENCES files (sha256),
    result_name TEXT,
    checks TEXT                               -- JSON: what was read again, and how much of it
);
CREATE UNIQUE INDEX redactions_open ON redactions (subject, subject_id) WHERE applied_at IS NULL;
CREATE INDEX redactions_by_place ON redactions (place_id);
CREATE INDEX redactions_by_original ON redactions (original_sha256);

CREATE TABLE disclosure_log (                 -- 依申请公开转主动公开: an answered request told without the person, as an entry
    request_id TEXT PRIMARY KEY REFERENCES requests (id),
    entry_id TEXT NOT NULL UNIQUE REFERENCES entries (id),
    decision TEXT NOT NULL,
    answered_on TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at TEXT NOT NULL
);

-- review: who signed what, over which bytes ----------------------------------------------------------

CREATE TABLE review_chains (                  -- the agency's own rule; copied into each case when it opens
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    subject TEXT NOT NULL CHECK (subject IN ('edition', 'letter')),
    class TEXT NOT NULL,                      -- disclosure class; empty: every class
    risk TEXT NOT NULL CHECK (risk IN ('', 'ordinary', 'important')),
    stage BIGINT NOT NULL,
    kind TEXT NOT NULL,                       -- the code of the role that signs it
    title TEXT NOT NULL,
    working_days BIGINT,                      -- NULL: no limit
    checklist TEXT NOT NULL,                  -- JSON: points to be ticked
    PRIMARY KEY (agency_id, subject, class, risk, stage)
);

CREATE TABLE review_important_genres (        -- 重要信息; a row with a blank genre: the agency has its own list
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    genre TEXT NOT NULL,
    PRIMARY KEY (agency_id, genre)
);

CREATE TABLE review_deputies (                -- 代理: who signs for whom, from when until when
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    principal_id TEXT NOT NULL REFERENCES users (id),
    deputy_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    since_at TEXT NOT NULL,
    until_at TEXT NOT NULL,                   -- the first moment after it
    reason TEXT NOT NULL CHECK (reason <> ''),
    set_by TEXT NOT NULL REFERENCES users (id),
    set_at TEXT NOT NULL,
    ended_at TEXT,
    CHECK (principal_id <> deputy_id)
);
CREATE INDEX review_deputies_by_deputy ON review_deputies (deputy_id, agency_id);

CREATE TABLE reviews (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    edition_id TEXT REFERENCES editions (id),
    letter_id TEXT REFERENCES letters (id),
    content_hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'signed', 'returned', 'withdrawn')),
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    chain TEXT NOT NULL DEFAULT '',           -- which chain it opened with, in words
    CHECK ((edition_id IS NULL) <> (letter_id IS NULL))
);
CREATE INDEX reviews_by_edition ON reviews (edition_id);
CREATE INDEX reviews_by_letter ON reviews (letter_id);
CREATE INDEX reviews_by_state ON reviews (state, agency_id);
CREATE UNIQUE INDEX reviews_one_open_edition ON reviews (edition_id) WHERE state = 'open';
CREATE UNIQUE INDEX reviews_one_open_letter ON reviews (letter_id) WHERE state = 'open';

CREATE TABLE review_stages (
    review_id TEXT NOT NULL REFERENCES reviews (id),
    stage BIGINT NOT NULL CHECK (stage >= 1),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    working_days BIGINT,
    checklist TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (review_id, stage)
);

CREATE TABLE ended_rounds (                   -- an edition as it was judged, when a round ended without being signed
    review_id TEXT PRIMARY KEY REFERENCES reviews (id),
    edition_id TEXT NOT NULL REFERENCES editions (id),
    edition TEXT NOT NULL,                    -- JSON
    attachments TEXT NOT NULL                 -- JSON
);
CREATE INDEX ended_rounds_by_edition ON ended_rounds (edition_id);

CREATE TABLE sign_offs (
    id TEXT PRIMARY KEY,
    review_id TEXT NOT NULL,
    stage BIGINT NOT NULL,
    person_id TEXT NOT NULL REFERENCES users (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('signed', 'returned')),
    checklist TEXT NOT NULL,
    opinion TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    signed_at TEXT NOT NULL,
    ticked TEXT NOT NULL DEFAULT '[]',        -- JSON: the points of the stage that were ticked
    on_behalf_of TEXT REFERENCES users (id),  -- whom a deputy signed for
    UNIQUE (review_id, stage),
    UNIQUE (review_id, person_id),            -- one person, one stage
    FOREIGN KEY (review_id, stage) REFERENCES review_stages (review_id, stage)
);

-- The two doors out of the house. Rows are added, never changed.
CREATE TABLE releases (
    edition_id TEXT PRIMARY KEY REFERENCES editions (id),
    entry_id TEXT NOT NULL REFERENCES entries (id),
    review_id TEXT NOT NULL REFERENCES reviews (id),
    content_hash TEXT NOT NULL,
    released_by TEXT NOT NULL,
    released_at TEXT NOT NULL
);
CREATE INDEX releases_by_entry ON releases (entry_id, released_at);

-- 紧急发布: out before its review has ended, with two signatures. The review named here goes on.
CREATE TABLE emergency_releases (
    review_id TEXT PRIMARY KEY REFERENCES reviews (id),
    content_hash TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    public_note TEXT NOT NULL CHECK (public_note <> ''),
    asked_by TEXT NOT NULL REFERENCES users (id),
    asked_at TEXT NOT NULL,
    review_due_on TEXT NOT NULL,
    released_at TEXT,
    concluded_at TEXT,
    outcome TEXT
);

CREATE TABLE emergency_signatures (
    review_id TEXT NOT NULL REFERENCES emergency_releases (review_id),
    person_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    signed_at TEXT NOT NULL,
    PRIMARY KEY (review_id, person_id)
);

CREATE TABLE letter_issues (
    letter_id TEXT PRIMARY KEY REFERENCES letters (id),
    review_id TEXT NOT NULL REFERENCES reviews (id),
    content_hash TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    delivery TEXT NOT NULL
);

-- retention: handing over to the archive, and destruction that leaves a record -------------------------

CREATE TABLE retention_terms (                -- 保管期限表: after how many years personal data of requests goes
    agency_id TEXT PRIMARY KEY REFERENCES agencies (id),
    years BIGINT NOT NULL CHECK (years >= 1),
    basis TEXT NOT NULL
);

CREATE TABLE archive_transfers (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    year BIGINT NOT NULL,
    package_sha256 TEXT NOT NULL,
    requests BIGINT NOT NULL,
    made_by TEXT NOT NULL REFERENCES users (id),
    made_at TEXT NOT NULL,
    accession_number TEXT,                    -- 接收编号: the receipt of the archive
    accepted_on TEXT,
    accepted_by TEXT
);
CREATE INDEX archive_transfers_by_agency ON archive_transfers (agency_id, year);

CREATE TABLE archive_transfer_items (
    transfer_id TEXT NOT NULL REFERENCES archive_transfers (id),
    request_id TEXT NOT NULL REFERENCES requests (id),
    PRIMARY KEY (transfer_id, request_id)
);
CREATE INDEX archive_transfer_items_by_request ON archive_transfer_items (request_id);

CREATE TABLE destruction_lists (              -- 销毁清册: proposed by one, approved by two others, never deleted
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    number TEXT NOT NULL UNIQUE,
    ground TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at TEXT NOT NULL,
    first_by TEXT REFERENCES users (id),
    first_at TEXT,
    second_by TEXT REFERENCES users (id),
    second_at TEXT,
    carried_out_by TEXT REFERENCES users (id),
    carried_out_at TEXT,
    CHECK (first_by IS NULL OR first_by <> proposed_by),
    CHECK (second_by IS NULL OR (second_by <> proposed_by AND first_by IS NOT NULL AND second_by <> first_by)),
    CHECK (carried_out_at IS NULL OR second_by IS NOT NULL)
);
CREATE INDEX destruction_lists_by_agency ON destruction_lists (agency_id, proposed_at);

-- remedies, interaction, oversight, reporting --------------------------------------------------------

CREATE TABLE remedy_cases (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    request_id TEXT REFERENCES requests (id),
    kind TEXT NOT NULL CHECK (kind IN ('reconsideration', 'direct_litigation', 'litigation_after_reconsideration')),
    case_number TEXT NOT NULL,
    body TEXT NOT NULL,                       -- the reconsideration body or court
    accepted_on TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('upheld', 'corrected', 'other_result', 'pending')),
    concluded_on TEXT,
    note TEXT NOT NULL,
    demanded TEXT NOT NULL DEFAULT '',        -- 结果纠正: what the decision or judgment asks of the agency
    demanded_until TEXT,
    carried_out_on TEXT,                      -- 履行
    carried_out TEXT NOT NULL DEFAULT ''
);
CREATE INDEX remedy_cases_by_agency ON remedy_cases (agency_id, accepted_on);

CREATE TABLE request_renewals (               -- 责令重新答复: the request that decides an earlier one afresh
    request_id TEXT PRIMARY KEY REFERENCES requests (id),
    of_id TEXT NOT NULL REFERENCES requests (id),
    case_id TEXT NOT NULL UNIQUE REFERENCES remedy_cases (id),
    decided_on TEXT NOT NULL,
    received_on TEXT NOT NULL,                -- when the decision or judgment came; the clock runs from here
    due_by TEXT,                              -- the day it names; NULL: none, the ordinary period counts
    is_procedural BIGINT NOT NULL             -- revoked for a fault of procedure: the same reply may come again
);
CREATE INDEX request_renewals_by_request ON request_renewals (of_id);

CREATE TABLE grievances (                     -- 投诉、举报 (条例 art. 51) and 更正 of one's own records (art. 41)
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    number TEXT NOT NULL UNIQUE,
    query_code_hash TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('complaint', 'wrongdoing_report', 'record_correction')),
    about TEXT NOT NULL,
    request_id TEXT REFERENCES requests (id),
    person_name TEXT NOT NULL,
    contact TEXT NOT NULL,                    -- sealed
    statement TEXT NOT NULL,
    evidence TEXT NOT NULL,
    received_on TEXT NOT NULL,
    due_on TEXT NOT NULL,                     -- what the agency promises
    outcome TEXT,
    outcome_words TEXT,
    referred_to TEXT,
    letter_number TEXT UNIQUE,
    concluded_on TEXT,
    concluded_by TEXT REFERENCES users (id),
    created_at TEXT NOT NULL
);
CREATE INDEX grievances_by_agency ON grievances (agency_id, due_on);

CREATE TABLE interaction_cases (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    number TEXT NOT NULL UNIQUE,
    query_code_hash TEXT NOT NULL,
    kind TEXT NOT NULL,                       -- mailbox, hotline, error_report
    person_name TEXT NOT NULL,
    contact TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    page TEXT NOT NULL DEFAULT '',            -- 网站找错: the address on this site it is about
    received_at TEXT NOT NULL,
    reply TEXT,
    replied_at TEXT,
    replied_by TEXT REFERENCES users (id)
);
CREATE INDEX interaction_cases_by_agency ON interaction_cases (agency_id, received_at);

CREATE TABLE destruction_items (               -- a request, or a matter or letter that is about none
    list_id TEXT NOT NULL REFERENCES destruction_lists (id),
    request_id TEXT UNIQUE REFERENCES requests (id),
    grievance_id TEXT UNIQUE REFERENCES grievances (id),
    case_id TEXT UNIQUE REFERENCES interaction_cases (id),
    files BIGINT NOT NULL,
    CHECK (CASE WHEN request_id IS NULL THEN 0 ELSE 1 END + CASE WHEN grievance_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN case_id IS NULL THEN 0 ELSE 1 END = 1)
);
CREATE INDEX destruction_items_by_list ON destruction_items (list_id);

CREATE TABLE rectifications (                 -- 督促整改, 条例 art. 47
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    concerns TEXT NOT NULL,                   -- what the figure was about: overdue_requests, stale_catalogue_lines …
    subject_id TEXT NOT NULL,
    demand TEXT NOT NULL,
    due_on TEXT NOT NULL,
    opened_by TEXT NOT NULL REFERENCES users (id),
    opened_at TEXT NOT NULL,
    answer TEXT,
    answered_at TEXT,
    closed_at TEXT
);
CREATE INDEX rectifications_by_agency ON rectifications (agency_id, opened_at);

CREATE TABLE normative_documents (            -- register of 规章 and 行政规范性文件, table two (一)
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN ('rules', 'normative_document')),
    title TEXT NOT NULL,
    document_number TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    ended_on TEXT,                            -- repealed or lapsed on
    end_kind TEXT CHECK (end_kind IN ('repealed', 'lapsed')),
    entry_id TEXT REFERENCES entries (id),
    valid_until TEXT,                         -- 有效期至; NULL: no fixed term. The day after it lapses by itself
    amended_on TEXT,                          -- 修改: stays in force
    amendment TEXT NOT NULL DEFAULT '',
    end_notice_id TEXT REFERENCES entries (id), -- 废止公告
    CHECK ((ended_on IS NULL) = (end_kind IS NULL)),
    CHECK (ended_on IS NULL OR ended_on >= issued_on),
    CHECK (valid_until IS NULL OR valid_until >= issued_on)
);
CREATE INDEX normative_documents_by_agency ON normative_documents (agency_id, issued_on);

CREATE TABLE enforcement_decisions (          -- table two (五)(六)
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN ('license', 'penalty', 'compulsion')),
    reference TEXT NOT NULL,
    subject TEXT NOT NULL,
    decided_on TEXT NOT NULL
);
CREATE INDEX enforcement_decisions_by_agency ON enforcement_decisions (agency_id, decided_on);

CREATE TABLE fee_collections (                -- table two (八)
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    item TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    collected_on TEXT NOT NULL
);
CREATE INDEX fee_collections_by_agency ON fee_collections (agency_id, collected_on);

CREATE TABLE budget_reports (                 -- 预算、决算: to be published within 20 days of the approval
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN ('budget', 'final_account', 'adjustment')),
    year BIGINT NOT NULL,
    title TEXT NOT NULL,
    approved_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    entry_id TEXT REFERENCES entries (id),
    UNIQUE (agency_id, kind, year, title)
);

CREATE TABLE proposals (                      -- 人大代表建议、政协提案 and how they were answered
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN ('suggestion', 'proposal')),
    year BIGINT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    replied_on TEXT,
    result TEXT CHECK (result IN ('solved', 'planned', 'noted')),
    withheld_reason TEXT NOT NULL DEFAULT '', -- why the reply is not public; empty: it is to be published
    entry_id TEXT REFERENCES entries (id),
    UNIQUE (agency_id, kind, year, number)
);

CREATE TABLE interpretations (                -- 政策解读: a document and what explains it
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    document_id TEXT NOT NULL REFERENCES entries (id),
    entry_id TEXT NOT NULL REFERENCES entries (id),
    form TEXT NOT NULL,
    paired_by TEXT NOT NULL REFERENCES users (id),
    paired_at TEXT NOT NULL,
    UNIQUE (document_id, entry_id),
    CHECK (document_id <> entry_id)
);
CREATE INDEX interpretations_by_entry ON interpretations (entry_id);

CREATE TABLE publicity_periods (              -- 公示期: the entry is taken down by the program when it is over
    entry_id TEXT PRIMARY KEY REFERENCES entries (id),
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    days BIGINT NOT NULL CHECK (days BETWEEN 1 AND 3660),
    unit TEXT NOT NULL CHECK (unit IN ('days', 'working_days')),
    reason TEXT NOT NULL,
    set_by TEXT NOT NULL REFERENCES users (id),
    set_at TEXT NOT NULL,
    ended_at TEXT
);

CREATE TABLE masked_lists (                   -- 名单: how the columns of a list were shown; the unmasked file is not kept
    entry_id TEXT PRIMARY KEY REFERENCES entries (id),
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    columns TEXT NOT NULL,                    -- JSON: head, what it holds, how it is shown
    imported_by TEXT NOT NULL REFERENCES users (id),
    imported_at TEXT NOT NULL
);

CREATE TABLE reassessments (                  -- 定期评估审查 of what is not disclosed. 《条例》第十八条
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    entry_id TEXT NOT NULL REFERENCES entries (id),
    edition_id TEXT NOT NULL REFERENCES editions (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('keep', 'convert')),
    reason TEXT NOT NULL CHECK (reason <> ''),
    assessed_by TEXT NOT NULL REFERENCES users (id),
    assessed_on TEXT NOT NULL,
    next_due_on TEXT
);
CREATE INDEX reassessments_by_entry ON reassessments (entry_id, assessed_on);

CREATE TABLE gazette_issues (                 -- 政府公报: an issue assembled from entries
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    published_on TEXT,
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    UNIQUE (agency_id, year, number)
);

CREATE TABLE gazette_items (
    issue_id TEXT NOT NULL REFERENCES gazette_issues (id),
    entry_id TEXT NOT NULL REFERENCES entries (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (issue_id, entry_id)
);

CREATE TABLE report_texts (
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    year BIGINT NOT NULL,
    section TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_by TEXT NOT NULL REFERENCES users (id),
    updated_at TEXT NOT NULL,
    PRIMARY KEY (agency_id, year, section)
);

-- 模板: what a part of an agency's reports begins with, from a year on; figures stand in it by name.
CREATE TABLE report_templates (
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    section TEXT NOT NULL,
    since_year BIGINT NOT NULL,
    body TEXT NOT NULL,                       -- empty: from this year on the common one again
    updated_by TEXT NOT NULL REFERENCES users (id),
    updated_at TEXT NOT NULL,
    PRIMARY KEY (agency_id, section, since_year)
);

-- 工作记录: what section one counts beside entries, requests and letters.
CREATE TABLE activities (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    form TEXT NOT NULL,
    title TEXT NOT NULL,
    note TEXT NOT NULL,
    done_on TEXT NOT NULL
);
CREATE INDEX activities_by_day ON activities (agency_id, done_on);

-- 年终快照: the figures of a finished year and the records behind them. Added, never changed; a later one of
-- the same year says why, and the earlier one stays.
CREATE TABLE report_snapshots (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    year BIGINT NOT NULL,
    ordinal BIGINT NOT NULL CHECK (ordinal >= 1),
    body TEXT NOT NULL,                       -- JSON; the hash is over these bytes
    sha256 TEXT NOT NULL,
    reason TEXT NOT NULL,
    frozen_by TEXT REFERENCES users (id),     -- NULL: the program, at year end
    frozen_on TEXT NOT NULL,
    frozen_at TEXT NOT NULL,
    UNIQUE (agency_id, year, ordinal),
    CHECK (ordinal = 1 OR reason <> ''),
    CHECK (frozen_on > CAST(year AS TEXT) || '-12-31')
);

-- 调整: a figure of a frozen year that must differ from its records, with the reason and a second person.
CREATE TABLE report_adjustments (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    year BIGINT NOT NULL,
    cell TEXT NOT NULL,
    ledger_value TEXT NOT NULL,               -- what it departs from; when the ledger says another, it lapses
    value TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at TEXT NOT NULL,
    confirmed_by TEXT REFERENCES users (id),
    confirmed_at TEXT,
    ended_by TEXT REFERENCES users (id),      -- declined, taken back, or no longer needed
    ended_at TEXT,
    end_reason TEXT,
    CHECK (confirmed_by IS NULL OR confirmed_by <> proposed_by),
    CHECK (value <> ledger_value),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX report_adjustments_one_open ON report_adjustments (agency_id, year, cell) WHERE ended_at IS NULL;

-- What a person decided about a warning of the own check. The fingerprint is over what the finding rests on:
-- when that changes, it is another finding and waits for a decision again.
CREATE TABLE report_verdicts (
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    year BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    rule TEXT NOT NULL,
    message TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('to_fix', 'accepted')),
    reason TEXT NOT NULL CHECK (reason <> ''),
    decided_by TEXT NOT NULL REFERENCES users (id),
    decided_at TEXT NOT NULL,
    PRIMARY KEY (agency_id, year, fingerprint)
);

-- 报送: a report as it was approved in the house and sent to the district. The body is fixed when prepared.
CREATE TABLE report_submissions (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    year BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    snapshot_id TEXT NOT NULL REFERENCES report_snapshots (id),
    body TEXT NOT NULL,                       -- JSON; the hash is over these bytes
    sha256 TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'declined', 'submitted', 'returned', 'accepted')),
    prepared_by TEXT NOT NULL REFERENCES users (id),
    prepared_at TEXT NOT NULL,
    approved_by TEXT REFERENCES users (id),   -- the second person in the house
    submitted_at TEXT,
    submitted_on TEXT,
    receipt_number TEXT UNIQUE,
    decided_by TEXT REFERENCES users (id),    -- who declined, returned or accepted it
    decided_at TEXT,
    opinion TEXT,
    UNIQUE (agency_id, year, ordinal),
    CHECK (approved_by IS NULL OR approved_by <> prepared_by),
    CHECK (decided_by IS NULL OR decided_by <> prepared_by),
    CHECK (decided_by IS NULL OR approved_by IS NULL OR decided_by <> approved_by),
    CHECK (state IN ('prepared', 'declined') OR (approved_by IS NOT NULL AND receipt_number IS NOT NULL AND submitted_on IS NOT NULL)),
    CHECK (state IN ('prepared', 'submitted') OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)),
    CHECK (state NOT IN ('declined', 'returned') OR opinion <> '')
);
CREATE UNIQUE INDEX report_submissions_one_open ON report_submissions (agency_id, year) WHERE state IN ('prepared', 'submitted');

-- The model behind an edition of a published report: what the district accepted, or its correction.
CREATE TABLE report_editions (
    edition_id TEXT PRIMARY KEY REFERENCES editions (id),
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    year BIGINT NOT NULL,
    submission_id TEXT NOT NULL REFERENCES report_submissions (id),
    body TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    reason TEXT NOT NULL,                     -- 更正原因; empty for the first
    changes TEXT NOT NULL,                    -- JSON: place, old, new
    created_at TEXT NOT NULL
);
CREATE INDEX report_editions_by_year ON report_editions (agency_id, year);

-- What was read of an attached report: the report, or why the file holds none.
CREATE TABLE report_files (
    file_sha256 TEXT PRIMARY KEY REFERENCES files (sha256),
    body TEXT NOT NULL,
    reason TEXT NOT NULL,
    read_at TEXT NOT NULL
);

-- A report that was typed instead of compiled, and the content with which it passed the check.
CREATE TABLE report_entry_checks (
    edition_id TEXT PRIMARY KEY REFERENCES editions (id),
    content_hash TEXT NOT NULL,
    passed_at TEXT NOT NULL
);

-- 年度报告数据: the figures of every published report a second time, packed, all years of an agency in one row: a sum
-- over any agencies and years reads nothing else.
CREATE TABLE report_figures (
    agency_id TEXT PRIMARY KEY REFERENCES agencies (id),
    years TEXT NOT NULL
);

-- jobs and mail -------------------------------------------------------------------------------------

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    unique_key TEXT UNIQUE,                   -- a timer exists once, whoever sets it
    run_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'failed')),
    attempts BIGINT NOT NULL DEFAULT 0,
    claimed_until TEXT,
    last_error TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX jobs_ready ON jobs (state, run_at);

CREATE TABLE subscriptions (                  -- a search by mail, without an account; deleted when it ends
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,                      -- sealed
    email_match TEXT NOT NULL,                -- keyed hash: the same address is found again
    query TEXT NOT NULL,                      -- JSON
    address TEXT NOT NULL,
    words TEXT NOT NULL,
    site TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    asked_at TEXT NOT NULL,
    confirmed_at TEXT,
    told_to BIGINT NOT NULL                   -- position of the change log
);
CREATE INDEX subscriptions_by_email ON subscriptions (email_match);

CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,                  -- empty: the subscriber's or the applicant's, looked up when it is sent
    subscription_id TEXT REFERENCES subscriptions (id),
    request_id TEXT REFERENCES requests (id),
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    sent_at TEXT
);
CREATE INDEX mails_by_subscription ON mails (subscription_id);

-- connections: the office's other systems ------------------------------------------------------------

CREATE TABLE access_tokens (                  -- 令牌: what a system shows to be let in; only its digest is kept
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    hint TEXT NOT NULL,                       -- its first characters, to tell it from others
    scopes TEXT NOT NULL,                     -- apart by blanks
    user_id TEXT NOT NULL REFERENCES users (id), -- answers for it; what it drafts is theirs
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    revoked_by TEXT REFERENCES users (id),
    last_used_at TEXT
);
CREATE INDEX access_tokens_by_agency ON access_tokens (agency_id, created_at);

CREATE TABLE idempotent_answers (             -- 幂等键: the same request sent again gets the same answer
    token_id TEXT NOT NULL REFERENCES access_tokens (id),
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    answer TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (token_id, idempotency_key)
);

CREATE TABLE webhooks (                       -- 通知: a system is told of what is published and withdrawn
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,                     -- signs what is sent, so it is kept as it is
    followed BIGINT NOT NULL,                 -- position of the change log up to which it was told
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    stopped_at TEXT
);
CREATE INDEX webhooks_by_agency ON webhooks (agency_id, created_at);

CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    seq BIGINT NOT NULL,                      -- the change it tells of
    event TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    delivered_at TEXT,
    last_error TEXT,
    UNIQUE (webhook_id, seq)
);

-- What the public may see. The public's functions read these views and nothing else. -----------------

CREATE VIEW public_entries AS
SELECT e.id, e.index_number, e.agency_id, a.code AS agency_code, a.name AS agency_name,
       l.id AS line_id, l.code AS line_code, l.title AS line_title, l.category,
       d.id AS edition_id, d.ordinal, d.title, d.summary, d.body_html, d.document_number, d.genre,
       d.keywords, d.source, d.validity, d.made_on, d.co_issuers, d.theme, d.subtheme, d.effective_on, d.expires_on,
       d.contact, r.content_hash, e.first_released_at, e.first_released_on, e.last_released_at,
       (SELECT COUNT(*) FROM attachments t WHERE t.edition_id = d.id) AS attachments
FROM entries e
-- That the release is one of this entry is held by a trigger; asking again here makes PostgreSQL expect hardly any row.
JOIN releases r ON r.edition_id = e.live_edition_id
JOIN editions d ON d.id = r.edition_id
JOIN agencies a ON a.id = e.agency_id
JOIN catalogue_lines l ON l.id = e.catalogue_line_id
WHERE e.withdrawn_at IS NULL AND d.disclosure_class = 'proactive';

-- A withdrawn entry keeps its address and says why it is gone.
CREATE VIEW public_withdrawn_entries AS
SELECT e.id, e.index_number, a.code AS agency_code, a.name AS agency_name, e.withdrawn_at,
       e.withdrawal_class, e.withdrawal_reason
FROM entries e JOIN agencies a ON a.id = e.agency_id
WHERE e.withdrawn_at IS NOT NULL AND e.first_released_at IS NOT NULL;

CREATE VIEW public_editions AS
SELECT r.entry_id, d.id AS edition_id, d.ordinal, d.title, d.change_note, r.released_at, r.content_hash,
       (SELECT COUNT(*) FROM sign_offs s WHERE s.review_id = r.review_id AND s.verdict = 'signed') AS sign_offs,
       -- nothing of an emergency may be signed off yet
       COALESCE((SELECT MAX(s.signed_at) FROM sign_offs s WHERE s.review_id = r.review_id), r.released_at) AS signed_at
FROM releases r
JOIN editions d ON d.id = r.edition_id
JOIN public_entries p ON p.id = r.entry_id;

CREATE VIEW public_sign_offs AS              -- the stages that signed what is live, without the people
SELECT r.edition_id, g.stage, g.title, s.signed_at
FROM releases r
JOIN public_entries p ON p.edition_id = r.edition_id
JOIN review_stages g ON g.review_id = r.review_id
JOIN sign_offs s ON s.review_id = g.review_id AND s.stage = g.stage AND s.verdict = 'signed';

CREATE VIEW public_emergencies AS
SELECT r.edition_id, x.public_note, x.review_due_on, x.concluded_at, x.outcome
FROM emergency_releases x
JOIN releases r ON r.review_id = x.review_id
JOIN public_entries p ON p.edition_id = r.edition_id
WHERE x.released_at IS NOT NULL;

CREATE VIEW public_attachments AS
SELECT t.id, t.edition_id, t.name, t.position, t.file_sha256, f.size, f.media_type, p.id AS entry_id
FROM attachments t
JOIN files f ON f.sha256 = t.file_sha256
JOIN public_entries p ON p.edition_id = t.edition_id;

CREATE VIEW public_attachment_texts AS       -- for search: what the attachments of a live edition say
SELECT t.entry_id, t.id, t.name, t.position, t.file_sha256, COALESCE(x.passages, '[]') AS passages
FROM public_attachments t
LEFT JOIN file_texts x ON x.file_sha256 = t.file_sha256;

CREATE VIEW public_report_editions AS
SELECT p.agency_id, p.agency_code, r.year, r.edition_id, d.ordinal, l.released_at, r.body, r.sha256, r.reason, r.changes
FROM report_editions r
JOIN releases l ON l.edition_id = r.edition_id
JOIN editions d ON d.id = r.edition_id
JOIN public_entries p ON p.id = l.entry_id;

-- The register of documents is public; its links lead to what is public itself.
-- Two entries are not joined in one view: each is five tables, and PostgreSQL joins at most eight at a time before it looks
-- for the one row that is wanted; ten it joins whole.
CREATE VIEW public_normative_documents AS
SELECT n.id, a.code AS agency_code, a.name AS agency_name, n.kind, n.title, n.document_number, n.issued_on,
       n.valid_until, n.amended_on, n.amendment, n.ended_on, n.end_kind,
       (SELECT p.index_number FROM public_entries p WHERE p.id = n.entry_id) AS index_number,
       (SELECT q.index_number FROM public_entries q WHERE q.id = n.end_notice_id) AS notice_index_number
FROM normative_documents n
JOIN agencies a ON a.id = n.agency_id;

CREATE VIEW public_interpretations AS
SELECT i.document_id, i.entry_id, i.form,
       (SELECT d.index_number FROM public_entries d WHERE d.id = i.document_id) AS document_index_number,
       (SELECT d.title FROM public_entries d WHERE d.id = i.document_id) AS document_title,
       e.index_number, e.title
FROM interpretations i
JOIN public_entries e ON e.id = i.entry_id
WHERE (SELECT COUNT(*) FROM public_entries d WHERE d.id = i.document_id) = 1;

CREATE VIEW public_publicity_periods AS
SELECT t.entry_id, t.days, t.unit, p.first_released_on
FROM publicity_periods t JOIN public_entries p ON p.id = t.entry_id;

-- An issue shows of its entries what is public now: what was withdrawn is gone from it, too.
CREATE VIEW public_gazette_issues AS
SELECT i.id, a.code AS agency_code, a.name AS agency_name, i.year, i.number, i.published_on
FROM gazette_issues i JOIN agencies a ON a.id = i.agency_id
WHERE i.published_on IS NOT NULL;

CREATE VIEW public_gazette_items AS
SELECT g.issue_id, g.position, p.id AS entry_id, p.index_number, p.title, p.document_number, p.agency_name, p.genre,
       p.made_on, p.body_html
FROM gazette_items g
JOIN public_gazette_issues i ON i.id = g.issue_id
JOIN public_entries p ON p.id = g.entry_id;

CREATE VIEW public_catalogue_lines AS
SELECT l.id, l.agency_id, a.code AS agency_code, l.code, l.category, l.title, l.elements, l.basis, l.time_limit,
       l.channels, l.responsible_office, l.position,
       (SELECT COUNT(*) FROM public_entries p WHERE p.line_id = l.id) AS entries,
       (SELECT MAX(p.first_released_on) FROM public_entries p WHERE p.line_id = l.id) AS newest_on
FROM catalogue_lines l JOIN agencies a ON a.id = l.agency_id;

CREATE VIEW public_agencies AS
SELECT id, code, name, kind, parent_id, region, address, office_hours, phone, email, position FROM agencies;

-- What of the answered requests went through the gate; the request itself is not in it.
CREATE VIEW public_disclosure_log AS
SELECT p.index_number, p.title, p.summary, p.agency_code, p.agency_name, p.first_released_on,
       g.answered_on, g.decision
FROM disclosure_log g
JOIN public_entries p ON p.id = g.entry_id;
