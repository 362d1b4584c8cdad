//! Stage and scores as facts of members for questions: with the defaults of the reports, at the end of
//! today. A stage that nobody can tell is missing.

use std::sync::Arc;

use shuke_access::merchants;
use shuke_columns::people::{Derived, Measure, Teller, Telling, Told};
use shuke_columns::{Bucket, Columns};
use shuke_kernel::{Error, Instant, MerchantNo, Result, Zone};
use shuke_store::Store;

use super::{Base, judged};
use crate::lifecycle::judge::{self, STAGES};
use crate::question::{Frame, Question};
use crate::{brief, goods};

/// The facts `stage`, `rfm_r`, `rfm_f`, `rfm_m`.
#[derive(Clone, Copy, Debug)]
pub struct Facts;

/// What `stage` may be.
const WORDS: [&str; 5] = [STAGES[1], STAGES[2], STAGES[3], STAGES[4], STAGES[5]];

impl Derived for Facts {
    fn facts(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[("stage", &WORDS), ("rfm_r", &[]), ("rfm_f", &[]), ("rfm_m", &[])]
    }

    fn measure(&self, store: &Store, merchant: MerchantNo, columns: &Columns, now: i64) -> Result<Arc<dyn Measure>> {
        let q = question(store, merchant, now)?;
        let until = Frame::new(columns, &q)?.as_of;
        Ok(Arc::new(Today { base: Base::of(columns, &q)?, q, until }))
    }

    fn prepare(&self, store: &Store, merchant: MerchantNo, columns: &Columns) -> Result<()> {
        let q = question(store, merchant, store.clock().now().micros())?;
        let frame = Frame::new(columns, &q)?;
        judge::prepare(columns, &frame, &q)?;
        brief::prepare(columns, &frame)?;
        goods::prepare(columns, &frame)
    }

    fn differing(&self, store: &Store, merchant: MerchantNo, columns: &Columns) -> Result<Vec<String>> {
        let q = question(store, merchant, store.clock().now().micros())?;
        let frame = Frame::new(columns, &q)?;
        let of = |place| {
            let diary = judge::differing(columns, place, &frame, &q);
            diary.into_iter().chain(brief::differing(columns, place, &frame)).chain(goods::differing(columns, place, &frame))
        };
        Ok((0..columns.buckets.len()).flat_map(of).collect())
    }
}

/// The question about everything before the end of the day, with the defaults of the reports.
fn question(store: &Store, merchant: MerchantNo, now: i64) -> Result<Question> {
    let of = store.read_now(move |tx| merchants::get(tx, merchant))?;
    let zone = Zone::named(&of.zone).ok_or_else(|| Error::fault(format!("the zone {} of the merchant is not known", of.zone)))?;
    let today = zone.day(Instant(now));
    let as_of = today.tomorrow().unwrap_or(today);
    Ok(Question { zone: of.zone, currency: Some(of.currency.to_string()), ..Question::about(as_of) })
}

/// What members are judged by today.
struct Today {
    q: Question,
    base: Base,
    until: i64,
}

impl Measure for Today {
    fn until(&self) -> i64 {
        self.until
    }

    fn over<'a>(&'a self, columns: &'a Columns) -> Result<Teller<'a>> {
        let judge = judged(columns, Frame::new(columns, &self.q)?, &self.base);
        Ok(Box::new(move |bucket: &Bucket, member: usize| -> Telling {
            let (rfm, stage) = judge(bucket, member);
            let stage = STAGES.get(stage).copied().filter(|s| WORDS.contains(s)).map(Told::Word);
            let score = |at: usize| rfm.map(|score| Told::Int(score[at].into()));
            vec![stage, score(0), score(1), score(2)]
        }))
    }
}
