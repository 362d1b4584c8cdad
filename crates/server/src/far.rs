//! Orders that few share, found in the columns for pages of the store: commerce knows no columns.

use std::sync::Arc;

use shuke_columns::Keepers;
use shuke_columns::draft::State;
use shuke_columns::newest::{Wanted, newest};
use shuke_commerce::order::far::Known;
use shuke_kernel::Instant;

/// Who knows orders by heart: the columns as they are, and nobody where there are none yet.
pub fn known(keepers: Arc<Keepers>) -> Known {
    Known(Box::new(move |merchant, filter, (at, id), most| {
        let Some(loaded) = keepers.of(merchant)?.present()? else { return Ok(None) };
        let wanted = Wanted {
            shop: filter.shop.clone(),
            platform: filter.platform.clone(),
            state: filter.state.and_then(|s| State::named(s.word())),
            identified: filter.identified,
            from: filter.from.map(Instant::micros),
        };
        let places = newest(&loaded.columns, &wanted, (at.micros(), id), most);
        Ok(Some(places.into_iter().map(|(at, id)| (Instant(at), id)).collect()))
    }))
}
