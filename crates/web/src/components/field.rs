use askama::Template;

/// One thing a person may choose: radio, checkbox or an entry of a drop-down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A line of help under the label; radio and checkbox only.
    pub hint: Option<String>,
    pub is_chosen: bool,
}

/// What kind of input a field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line; the string is the HTML input type: text, tel, email, password, number, search.
    Line(&'static str),
    /// Several lines; the number is how many are shown.
    Text(u8),
    Date,
    Select(Vec<Choice>),
    /// A drop-down whose entries stand under headings.
    Groups(Vec<(String, Vec<Choice>)>),
    Radio(Vec<Choice>),
    /// Any number of choices under one name.
    Checkbox(Vec<Choice>),
    /// Files; the string lists what is accepted, as in HTML: ".pdf,.docx".
    File {
        accept: &'static str,
        many: bool,
    },
}

/// A labelled input that keeps what was typed and says what is wrong with it.
///
/// ```
/// use gongkai_web::components::Field;
/// let field = Field::line("applicant_name", "姓名").required().value("何小舟").error(None);
/// assert!(field.to_string().contains("何小舟"));
/// ```
#[derive(Debug, Clone, Template)]
#[template(path = "shared/parts/field.html")]
pub struct Field {
    pub name: String,
    pub label: String,
    pub kind: FieldKind,
    pub value: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub is_required: bool,
    /// "w-s" or "w-m" for short answers; empty for the full width.
    pub width: &'static str,
    /// HTML autocomplete token: name, tel, email, street-address…
    pub autocomplete: &'static str,
    /// Short choices stand beside each other.
    pub is_inline: bool,
}

impl Field {
    fn new(name: impl Into<String>, label: impl Into<String>, kind: FieldKind) -> Self {
        Field {
            name: name.into(),
            label: label.into(),
            kind,
            value: String::new(),
            hint: None,
            error: None,
            is_required: false,
            width: "",
            autocomplete: "",
            is_inline: false,
        }
    }
    pub fn line(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Line("text"))
    }
    /// One line of another HTML input type: tel, email, password, number.
    pub fn line_of(kind: &'static str, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Line(kind))
    }
    pub fn text(name: impl Into<String>, label: impl Into<String>, rows: u8) -> Self {
        Self::new(name, label, FieldKind::Text(rows))
    }
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Date).width("w-s")
    }
    /// `choices`: (value, label).
    pub fn select<V: Into<String>, L: Into<String>>(
        name: impl Into<String>,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        Self::new(name, label, FieldKind::Select(plain(choices)))
    }
    /// `groups`: (heading, entries as (value, label)); the first entry of all stands for no choice.
    pub fn groups<V: Into<String>, L: Into<String>>(
        name: impl Into<String>,
        label: impl Into<String>,
        none: &str,
        groups: impl IntoIterator<Item = (String, Vec<(V, L)>)>,
    ) -> Self {
        let none = (String::new(), plain([("", none)]));
        let groups = groups.into_iter().map(|(heading, entries)| (heading, plain(entries)));
        Self::new(name, label, FieldKind::Groups(std::iter::once(none).chain(groups).collect()))
    }
    pub fn radio<V: Into<String>, L: Into<String>>(
        name: impl Into<String>,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        Self::new(name, label, FieldKind::Radio(plain(choices)))
    }
    pub fn checkbox<V: Into<String>, L: Into<String>>(
        name: impl Into<String>,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        Self::new(name, label, FieldKind::Checkbox(plain(choices)))
    }
    pub fn file(name: impl Into<String>, label: impl Into<String>, accept: &'static str) -> Self {
        Self::new(name, label, FieldKind::File { accept, many: true })
    }

    /// Takes one file, not several.
    pub fn single(mut self) -> Self {
        if let FieldKind::File { many, .. } = &mut self.kind {
            *many = false;
        }
        self
    }
    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
    /// What was typed or chosen.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        let value = value.into();
        if let FieldKind::Select(choices) | FieldKind::Radio(choices) | FieldKind::Checkbox(choices) =
            &mut self.kind
        {
            for choice in choices {
                choice.is_chosen = choice.value == value;
            }
        }
        if let FieldKind::Groups(groups) = &mut self.kind {
            for choice in groups.iter_mut().flat_map(|(_, entries)| entries) {
                choice.is_chosen = choice.value == value;
            }
        }
        self.value = value;
        self
    }
    /// What was ticked.
    pub fn values<S: AsRef<str>>(mut self, values: &[S]) -> Self {
        if let FieldKind::Checkbox(choices) = &mut self.kind {
            for choice in choices {
                choice.is_chosen = values.iter().any(|v| v.as_ref() == choice.value);
            }
        }
        self
    }
    /// A line of help under one of the choices.
    pub fn choice_hint(mut self, value: &str, hint: impl Into<String>) -> Self {
        if let FieldKind::Radio(choices) | FieldKind::Checkbox(choices) = &mut self.kind
            && let Some(choice) = choices.iter_mut().find(|c| c.value == value)
        {
            choice.hint = Some(hint.into());
        }
        self
    }
    /// What is wrong, in words that say what to do.
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }
    pub fn width(mut self, width: &'static str) -> Self {
        self.width = width;
        self
    }
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }
    pub fn inline(mut self) -> Self {
        self.is_inline = true;
        self
    }

    /// Radio and checkbox are a group with a legend, everything else is a label with its input.
    fn is_group(&self) -> bool {
        matches!(self.kind, FieldKind::Radio(_) | FieldKind::Checkbox(_))
    }
    /// The ids of hint and error, for `aria-describedby`.
    fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        [hint, error].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

fn plain<V: Into<String>, L: Into<String>>(choices: impl IntoIterator<Item = (V, L)>) -> Vec<Choice> {
    choices
        .into_iter()
        .map(|(value, label)| Choice {
            value: value.into(),
            label: label.into(),
            hint: None,
            is_chosen: false,
        })
        .collect()
}

/// Everything that is wrong with a form, above it, each leading to its field. Renders nothing when all is well.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "shared/parts/error_summary.html")]
pub struct ErrorSummary {
    /// (field name, what to do); an empty name is a problem of the form as a whole.
    pub errors: Vec<(String, String)>,
}

impl ErrorSummary {
    /// Collects the errors the fields carry, in their order.
    pub fn of<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Self {
        let errors = fields.into_iter().filter_map(|f| Some((f.name.clone(), f.error.clone()?))).collect();
        ErrorSummary { errors }
    }
    /// Adds what is wrong with one more field.
    pub fn and_of(mut self, field: &Field) -> Self {
        self.errors.extend(field.error.clone().map(|error| (field.name.clone(), error)));
        self
    }
    /// Adds a problem that belongs to no single field.
    pub fn and(mut self, error: impl Into<String>) -> Self {
        self.errors.push((String::new(), error.into()));
        self
    }
}
