//! Editing by naming only what changes.

use std::collections::BTreeMap;

use domain::{
    channel::{ChannelForm, Mode, Warning},
    form::{ErrorCode, FormErrors},
    id::ChannelKey,
    secret::Typed,
};

use super::{ChannelRecord, decode, edit::Change};
use crate::{
    Backend,
    actor::Actor,
    audit::Action,
    error::{Error, Result},
};

/// What is absent (`None`) keeps what is stored, `Some(None)` clears it, and a blank text is an error: nobody can tell
/// what it means.
#[derive(Debug, Clone, Default)]
pub struct ChannelPatch {
    pub name: Option<Option<String>>,
    pub purpose: Option<Option<String>>,
    pub mid: Option<Option<String>>,
    pub uses: Option<Option<Vec<String>>>,
    pub tax: Option<Option<String>>,
    pub fields: BTreeMap<String, Option<Typed>>,
}

impl Backend {
    /// Saves a new version on top of `seen_version`; answers with it, and with what looks odd about it.
    pub async fn patch_channel(
        &self,
        actor: &Actor,
        key: ChannelKey,
        seen_version: i64,
        patch: ChannelPatch,
    ) -> Result<(ChannelRecord, Vec<Warning>)> {
        let edit = self.permission_to_edit(actor, key).await?;
        self.require(actor, edit, Action::ChannelEdited, &key.to_string()).await?;
        // Who may change a channel may see what it is, with or without the scope to read.
        let stored = self.channel_detail(actor, key).await?;
        if stored.restorable_until.is_some() {
            return Err(Error::NotFound);
        }
        if stored.version != seen_version {
            return Err(Error::Stale);
        }
        let (_, module) = self.module_of(stored.summary.module.as_str())?;
        let mut form = stored.form(module);
        patch.refuse_blanks()?;
        if let Some(mid) = patch.mid {
            let mid = mid.unwrap_or_default();
            // A shared test MID takes no fields: what another MID needed goes.
            if stored.summary.mode == Mode::Test && module.test_mid(&mid).is_some() {
                form.fields.clear();
            }
            (form.shared_mid, form.mid) = (String::new(), mid);
        }
        form.name = patch.name.map_or(form.name, Option::unwrap_or_default);
        form.purpose = patch.purpose.map_or(form.purpose, Option::unwrap_or_default);
        form.tax = patch.tax.map_or(form.tax, Option::unwrap_or_default);
        if let Some(uses) = patch.uses {
            form.uses = uses.unwrap_or_default().into_iter().map(|word| (word, "on".to_owned())).collect();
        }
        for (field, value) in patch.fields {
            set(&mut form, field, value);
        }
        self.edit_channel(actor, key, Change { seen_version, form }).await?;
        let (head, row) = self.written(actor, key, seen_version + 1).await?;
        let public = decode(&row)?.carried_to(module).public_fields;
        let warnings = self.channel_warnings(self.db.read(), &head, module, &public).await?;
        Ok((self.record(&head, &row)?, warnings))
    }
}

impl ChannelPatch {
    fn refuse_blanks(&self) -> Result<(), FormErrors> {
        let mut errors = FormErrors::default();
        let texts = [("name", &self.name), ("purpose", &self.purpose), ("mid", &self.mid), ("tax", &self.tax)];
        for (field, text) in texts {
            if matches!(text, Some(Some(text)) if text.trim().is_empty()) {
                errors.push(field, ErrorCode::Required);
            }
        }
        for (field, value) in &self.fields {
            if value.as_ref().is_some_and(|value| value.as_str().trim().is_empty()) {
                errors.push(format!("fields.{field}"), ErrorCode::Required);
            }
        }
        errors.into_result()
    }
}

fn set(form: &mut ChannelForm, field: String, value: Option<Typed>) {
    if let Some(value) = value {
        form.fields.insert(field, value);
    } else {
        form.fields.remove(&field);
        form.clear.insert(field, "on".to_owned());
    }
}
