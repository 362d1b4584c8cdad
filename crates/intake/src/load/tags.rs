//! Rows of tags: for which import they speak, what becomes of those that cannot be taken in, and how an import
//! ends as a source of tags.
//!
//! A row of a sheet of corrections speaks for the import whose record it names: it holds as long as that one
//! does, and replaces nothing of its source. So does every row of such a sheet; whoever is not in it is in the
//! file that it corrects.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_members::tag::said::{self, Of, Said, Took};
use shuke_store::{Tx, args};

use super::gather::{Step, Tagged};
use super::model::{Counts, ImportId, ImportRun, QuarantineId};
use super::{quarantine, sql};

/// Records of which one refused is as many as an import that ends tags may have.
const OF_WHICH_ONE: i64 = 10;

/// Takes in the rows of a step. Whose keys are nobody's, or several members', waits in quarantine.
pub(super) fn load(tx: &mut Tx<'_>, cx: &Ctx, id: ImportId, step: &Step, counts: &mut Counts) -> Result<()> {
    let mut groups: BTreeMap<Of, Vec<(Said, &Tagged)>> = BTreeMap::new();
    for tagged in &step.tags {
        counts.tag_corrections += i64::from(tagged.is_correction);
        let (of, said) = target(tx, cx, &own(step), tagged.reference, &tagged.said, tagged.by_name)?;
        groups.entry(of).or_default().push((said, tagged));
    }
    for (of, rows) in groups {
        let (refused, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, t)| t.is_refused);
        for (_, tagged) in &refused {
            counts.quarantined += quarantine::add(tx, cx, id, &tagged.row)?;
        }
        let waiting: Vec<Said> = refused.into_iter().filter(|(_, t)| !t.is_correction).map(|(said, _)| said).collect();
        said::keep(tx, cx, &of, &waiting)?;
        let said: Vec<Said> = rows.iter().map(|(said, _)| said.clone()).collect();
        let (took, changed) = said::take(tx, cx, &of, &said)?;
        counts.tagged += changed;
        for ((_, tagged), took) in rows.iter().zip(took) {
            match why(took) {
                None => counts.tags += 1,
                Some(code) => counts.quarantined += quarantine::add(tx, cx, id, &tagged.row.because(code))?,
            }
        }
    }
    Ok(())
}

fn why(took: Took) -> Option<&'static str> {
    match took {
        Took::Taken => None,
        Took::Nobody => Some("member_not_found"),
        Took::Several => Some("several_members"),
        Took::Refused(refusal) => Some(refusal.code.code),
    }
}

fn own(step: &Step) -> Of {
    Of { import: step.number, corrects: None, entity: step.entity.clone() }
}

/// For which import a row speaks, and what it then says.
fn target(tx: &mut Tx<'_>, cx: &Ctx, own: &Of, named: Option<QuarantineId>, said: &Said, by_name: bool) -> Result<(Of, Said)> {
    let Some(root) = named.map(|id| quarantine::root(tx, cx.merchant, id)).transpose()?.flatten() else {
        return Ok((own.clone(), said.clone()));
    };
    let mut said = said.clone();
    if by_name {
        said.source = super::convert::source_of(&root.name);
    }
    let of = match (root.state.as_str(), root.finished_at) {
        _ if root.number == own.import => own.clone(),
        ("done", Some(ended)) => Of { corrects: Some((root.number, ended)), ..own.clone() },
        // Not at its end yet: the row is one of its own.
        ("running" | "stopped", _) => Of { import: root.number, ..own.clone() },
        _ => own.clone(),
    };
    Ok((of, said))
}

/// Loads a repaired row; why not, where its member or tags are still not known.
pub(super) fn load_one(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    import: &ImportRun,
    entity: Option<String>,
    (named, said, by_name): (Option<QuarantineId>, &Said, bool),
) -> Result<Option<&'static str>> {
    let own = Of { import: import.number, corrects: None, entity };
    let (of, said) = target(tx, cx, &own, named, said, by_name)?;
    let (took, changed) = said::take(tx, cx, &of, std::slice::from_ref(&said))?;
    if let Some(code) = took.into_iter().next().map_or(Some("member_not_found"), why) {
        return Ok(Some(code));
    }
    let counts = Counts { tags: import.counts.tags + 1, tagged: import.counts.tagged + changed, ..import.counts.clone() };
    tx.exec(sql::SET_COUNTS, args![cx.merchant, import.id, serde_json::to_string(&counts)?])?;
    Ok(None)
}

/// Ends an import as a source of tags. What its sources say no longer ends, but where the import is a sheet of
/// corrections, or more than a tenth of a file was refused and waits. Returns how many sources that keeps.
pub(super) fn end(tx: &mut Tx<'_>, cx: &Ctx, import: &ImportRun, counts: &Counts) -> Result<i64> {
    if counts.tags == 0 {
        return Ok(0);
    }
    let replaces = counts.tag_corrections == 0 && !is_holed(tx, cx.merchant, import)?;
    let kept = said::finish(tx, cx, import.number, import.finished_at.unwrap_or(cx.now), replaces)?;
    Ok(if counts.tag_corrections == 0 { kept } else { 0 })
}

/// Whether more than a tenth of any file waits. A key that is nobody's is no refusal: lists of tags speak of
/// many who are no members.
fn is_holed(tx: &mut Tx<'_>, m: MerchantNo, import: &ImportRun) -> Result<bool> {
    for mut row in tx.rows(sql::REFUSED_OF, args![m, import.id])? {
        let (file, refused): (i64, i64) = (row.get(0)?, row.get(1)?);
        let records = import.files.iter().find(|f| f.file == file).map_or(0, |f| f.records - f.skipped);
        if refused * OF_WHICH_ONE > records {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Records of imports that were at their end were settled: one of which little enough waits now ends as others.
pub(super) fn settled(tx: &mut Tx<'_>, cx: &Ctx, imports: impl IntoIterator<Item = ImportId>) -> Result<()> {
    for id in imports {
        let import = super::service::get(tx, cx.merchant, id)?;
        if import.state == "done" {
            let counts = Counts { ends_kept: end(tx, cx, &import, &import.counts)?, ..import.counts.clone() };
            if counts != import.counts {
                tx.exec(sql::SET_COUNTS, args![cx.merchant, id, serde_json::to_string(&counts)?])?;
            }
        }
    }
    Ok(())
}
