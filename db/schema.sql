-- The tables of the database, as SQLite has them. Written by `evidence db schema`; do not edit.

CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE author (
	id INTEGER NOT NULL,
	family TEXT,
	given TEXT,
	orcid VARCHAR(19),
	collective TEXT,
	CONSTRAINT pk_author PRIMARY KEY (id)
);

CREATE INDEX ix_author_family_given ON author (family, given);

CREATE INDEX ix_author_orcid ON author (orcid);

CREATE TABLE lookup (
	source VARCHAR(10) NOT NULL,
	scheme VARCHAR(10) NOT NULL,
	value TEXT NOT NULL,
	outcome VARCHAR(12) NOT NULL,
	reason TEXT,
	asked_at DATETIME NOT NULL,
	ask_again_at DATETIME,
	CONSTRAINT pk_lookup PRIMARY KEY (source, scheme, value)
);

CREATE TABLE record (
	id INTEGER NOT NULL,
	source VARCHAR(10) NOT NULL,
	scheme VARCHAR(10) NOT NULL,
	value TEXT NOT NULL,
	fetched_at DATETIME NOT NULL,
	payload BLOB NOT NULL,
	CONSTRAINT pk_record PRIMARY KEY (id),
	CONSTRAINT uq_record_source_scheme_value UNIQUE (source, scheme, value)
);

CREATE TABLE run (
	id INTEGER NOT NULL,
	command VARCHAR(20) NOT NULL,
	started_at DATETIME NOT NULL,
	finished_at DATETIME,
	rules VARCHAR(20),
	counts JSON NOT NULL,
	CONSTRAINT pk_run PRIMARY KEY (id)
);

CREATE TABLE work (
	id INTEGER NOT NULL,
	title TEXT,
	container TEXT,
	container_short TEXT,
	date VARCHAR(10),
	volume TEXT,
	issue TEXT,
	pages TEXT,
	article_number TEXT,
	publisher TEXT,
	issn JSON NOT NULL,
	isbn JSON NOT NULL,
	type VARCHAR(40),
	publication_types JSON NOT NULL,
	mesh JSON NOT NULL,
	language VARCHAR(10),
	field_sources JSON NOT NULL,
	conflicts JSON NOT NULL, mapping VARCHAR(20), series TEXT,
	CONSTRAINT pk_work PRIMARY KEY (id)
);

CREATE TABLE authorship (
	work_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	author_id INTEGER NOT NULL,
	CONSTRAINT pk_authorship PRIMARY KEY (work_id, position),
	CONSTRAINT fk_authorship_author_id_author FOREIGN KEY(author_id) REFERENCES author (id),
	CONSTRAINT fk_authorship_work_id_work FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);

CREATE INDEX ix_authorship_author_id ON authorship (author_id);

CREATE TABLE notice (
	id INTEGER NOT NULL,
	work_id INTEGER NOT NULL,
	kind VARCHAR(24) NOT NULL,
	date VARCHAR(10),
	scheme VARCHAR(10),
	value TEXT,
	source VARCHAR(10) NOT NULL,
	asserted_by TEXT, record_id TEXT,
	CONSTRAINT pk_notice PRIMARY KEY (id),
	CONSTRAINT fk_notice_work_id_work FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);

CREATE INDEX ix_notice_work_id ON notice (work_id);

CREATE TABLE page (
	id INTEGER NOT NULL,
	path TEXT NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	extractor VARCHAR(20) NOT NULL,
	format VARCHAR(20) NOT NULL,
	title TEXT,
	front_matter JSON NOT NULL,
	problems JSON NOT NULL,
	run_id INTEGER, acknowledgements JSON, lines JSON,
	CONSTRAINT pk_page PRIMARY KEY (id),
	CONSTRAINT fk_page_run_id_run FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE SET NULL,
	CONSTRAINT uq_page_path UNIQUE (path)
);

CREATE TABLE relation (
	id INTEGER NOT NULL,
	work_id INTEGER NOT NULL,
	kind VARCHAR(20) NOT NULL,
	scheme VARCHAR(10) NOT NULL,
	value TEXT NOT NULL,
	source VARCHAR(10) NOT NULL, notice_kind VARCHAR(24), notice_date VARCHAR(10), asserted_by TEXT, record_id TEXT,
	CONSTRAINT pk_relation PRIMARY KEY (id),
	CONSTRAINT fk_relation_work_id_work FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);

CREATE INDEX ix_relation_work_id ON relation (work_id);

CREATE TABLE work_identifier (
	scheme VARCHAR(10) NOT NULL,
	value TEXT NOT NULL,
	work_id INTEGER NOT NULL,
	source VARCHAR(10) NOT NULL,
	CONSTRAINT pk_work_identifier PRIMARY KEY (scheme, value),
	CONSTRAINT fk_work_identifier_work_id_work FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);

CREATE INDEX ix_work_identifier_work_id ON work_identifier (work_id);

CREATE TABLE claim (
	id VARCHAR(40) NOT NULL,
	page_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	kind VARCHAR(20) NOT NULL,
	section JSON NOT NULL,
	line INTEGER NOT NULL,
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	text TEXT NOT NULL,
	lead_in JSON NOT NULL,
	interaction JSON,
	CONSTRAINT pk_claim PRIMARY KEY (id),
	CONSTRAINT fk_claim_page_id_page FOREIGN KEY(page_id) REFERENCES page (id) ON DELETE CASCADE
);

CREATE INDEX ix_claim_page_id ON claim (page_id);

CREATE TABLE note (
	id INTEGER NOT NULL,
	page_id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	occurrence INTEGER NOT NULL,
	line INTEGER NOT NULL,
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	text TEXT NOT NULL,
	primary_scheme VARCHAR(10),
	primary_value TEXT,
	primary_via VARCHAR(12),
	study_page TEXT,
	stated JSON NOT NULL,
	CONSTRAINT pk_note PRIMARY KEY (id),
	CONSTRAINT fk_note_page_id_page FOREIGN KEY(page_id) REFERENCES page (id) ON DELETE CASCADE,
	CONSTRAINT uq_note_page_id_key_occurrence UNIQUE (page_id, "key", occurrence)
);

CREATE INDEX ix_note_primary_scheme_primary_value ON note (primary_scheme, primary_value);

CREATE TABLE citation (
	id INTEGER NOT NULL,
	claim_id VARCHAR(40) NOT NULL,
	note_id INTEGER,
	note TEXT,
	occurrence INTEGER,
	scheme VARCHAR(10),
	value TEXT,
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	polarity VARCHAR(10) NOT NULL, clause INTEGER,
	CONSTRAINT pk_citation PRIMARY KEY (id),
	CONSTRAINT fk_citation_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE,
	CONSTRAINT fk_citation_note_id_note FOREIGN KEY(note_id) REFERENCES note (id) ON DELETE SET NULL
);

CREATE INDEX ix_citation_claim_id ON citation (claim_id);

CREATE INDEX ix_citation_note_id ON citation (note_id);

CREATE INDEX ix_citation_scheme_value ON citation (scheme, value);

CREATE TABLE identifier (
	id INTEGER NOT NULL,
	page_id INTEGER NOT NULL,
	note_id INTEGER,
	scheme VARCHAR(10) NOT NULL,
	value TEXT NOT NULL,
	role VARCHAR(10) NOT NULL,
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_identifier PRIMARY KEY (id),
	CONSTRAINT fk_identifier_note_id_note FOREIGN KEY(note_id) REFERENCES note (id) ON DELETE CASCADE,
	CONSTRAINT fk_identifier_page_id_page FOREIGN KEY(page_id) REFERENCES page (id) ON DELETE CASCADE
);

CREATE INDEX ix_identifier_note_id ON identifier (note_id);

CREATE INDEX ix_identifier_page_id ON identifier (page_id);

CREATE INDEX ix_identifier_scheme_value ON identifier (scheme, value);

CREATE TABLE tag (
	id INTEGER NOT NULL,
	claim_id VARCHAR(40) NOT NULL,
	name TEXT NOT NULL,
	place VARCHAR(12) NOT NULL,
	scope TEXT,
	CONSTRAINT pk_tag PRIMARY KEY (id),
	CONSTRAINT fk_tag_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE
);

CREATE INDEX ix_tag_claim_id ON tag (claim_id);

CREATE TABLE state (
	source VARCHAR(10) NOT NULL,
	scheme VARCHAR(10) NOT NULL,
	value TEXT NOT NULL,
	fetched_at DATETIME NOT NULL,
	payload BLOB NOT NULL,
	CONSTRAINT pk_state PRIMARY KEY (source, scheme, value)
);

CREATE INDEX ix_relation_value ON relation (value);

CREATE TABLE pending (
	id INTEGER NOT NULL,
	kind VARCHAR(12) NOT NULL,
	identifiers JSON NOT NULL,
	hits JSON NOT NULL,
	asked_at DATETIME NOT NULL,
	CONSTRAINT pk_pending PRIMARY KEY (id)
);

CREATE TABLE registry (
	source VARCHAR(10) NOT NULL,
	host TEXT NOT NULL,
	asked_at DATETIME NOT NULL,
	open_again_at DATETIME,
	CONSTRAINT pk_registry PRIMARY KEY (source, host)
);

CREATE TABLE dispute (
	work_id INTEGER NOT NULL,
	scheme VARCHAR(10) NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_dispute PRIMARY KEY (work_id, scheme, value),
	CONSTRAINT fk_dispute_work_id_work FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);

CREATE INDEX ix_dispute_value ON dispute (value);

CREATE TABLE standing (
	id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	until_run_id INTEGER,
	name TEXT NOT NULL,
	title TEXT,
	kind VARCHAR(24),
	said TEXT NOT NULL,
	notices JSON NOT NULL,
	CONSTRAINT pk_standing PRIMARY KEY (id),
	CONSTRAINT fk_standing_run_id_run FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE,
	CONSTRAINT uq_standing_run_id_name UNIQUE (run_id, name)
);

CREATE INDEX ix_standing_until_run_id ON standing (until_run_id);

CREATE TABLE "citekey" (
	folded TEXT NOT NULL,
	"key" TEXT NOT NULL,
	work_id INTEGER NOT NULL,
	is_alias BOOLEAN DEFAULT 0 NOT NULL, scheme VARCHAR(10), value TEXT,
	CONSTRAINT pk_citekey PRIMARY KEY (folded)
);

CREATE INDEX ix_citekey_work_id ON citekey (work_id);

CREATE TABLE unreadable (
	path TEXT NOT NULL,
	line INTEGER,
	message TEXT NOT NULL,
	hint TEXT,
	CONSTRAINT pk_unreadable PRIMARY KEY (path)
);

CREATE TABLE judgement (
	page_id INTEGER NOT NULL,
	digest VARCHAR(32) NOT NULL,
	summary BLOB NOT NULL,
	works BLOB NOT NULL,
	claims BLOB NOT NULL,
	findings BLOB NOT NULL,
	CONSTRAINT pk_judgement PRIMARY KEY (page_id),
	CONSTRAINT fk_judgement_page_id_page FOREIGN KEY(page_id) REFERENCES page (id) ON DELETE CASCADE
);

CREATE INDEX ix_citekey_value ON citekey (value);

CREATE TABLE library (
	id INTEGER NOT NULL,
	path TEXT NOT NULL,
	format VARCHAR(20) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	reader VARCHAR(20) NOT NULL,
	imported_at DATETIME NOT NULL,
	warnings JSON NOT NULL,
	CONSTRAINT pk_library PRIMARY KEY (id),
	CONSTRAINT uq_library_path UNIQUE (path)
);

CREATE TABLE library_entry (
	id INTEGER NOT NULL,
	library_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	line INTEGER NOT NULL,
	"key" TEXT,
	folded TEXT,
	former JSON NOT NULL,
	is_failed BOOLEAN NOT NULL,
	description JSON,
	problems JSON NOT NULL,
	clashes JSON NOT NULL,
	raw TEXT NOT NULL,
	CONSTRAINT pk_library_entry PRIMARY KEY (id),
	CONSTRAINT fk_library_entry_library_id_library FOREIGN KEY(library_id) REFERENCES library (id) ON DELETE CASCADE,
	CONSTRAINT uq_library_entry_library_id_position UNIQUE (library_id, position)
);

CREATE INDEX ix_library_entry_folded ON library_entry (folded);

CREATE TABLE library_identifier (
	entry_id INTEGER NOT NULL,
	scheme VARCHAR(10) NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_library_identifier PRIMARY KEY (entry_id, scheme),
	CONSTRAINT fk_library_identifier_entry_id_library_entry FOREIGN KEY(entry_id) REFERENCES library_entry (id) ON DELETE CASCADE
);

CREATE INDEX ix_library_identifier_scheme_value ON library_identifier (scheme, value);

CREATE TABLE "verdict" (
	id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	claim_id VARCHAR(40) NOT NULL,
	status VARCHAR(20) NOT NULL,
	level VARCHAR(10),
	strength INTEGER,
	reasons JSON NOT NULL,
	flags JSON NOT NULL,
	inputs VARCHAR(64) NOT NULL,
	rules VARCHAR(20) NOT NULL,
	until_run_id INTEGER,
	path TEXT,
	line INTEGER,
	text TEXT,
	works JSON,
	digest VARCHAR(32),
	CONSTRAINT pk_verdict PRIMARY KEY (id),
	CONSTRAINT fk_verdict_run_id_run FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE,
	CONSTRAINT uq_verdict_claim_id_run_id UNIQUE (claim_id, run_id)
);

CREATE INDEX ix_verdict_until_run_id ON verdict (until_run_id);

CREATE INDEX ix_verdict_run_id ON verdict (run_id);

CREATE TABLE editorship (
	work_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	author_id INTEGER NOT NULL,
	CONSTRAINT pk_editorship PRIMARY KEY (work_id, position),
	CONSTRAINT fk_editorship_author_id_author FOREIGN KEY(author_id) REFERENCES author (id),
	CONSTRAINT fk_editorship_work_id_work FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);

CREATE INDEX ix_editorship_author_id ON editorship (author_id);

INSERT INTO alembic_version (version_num) VALUES ('0013');
