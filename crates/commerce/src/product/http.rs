//! `/products`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, MoneyDto, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Instant};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ProductId, ProductRow, ProductSaid, check, observe_many};
use crate::wire::{Amounts, Answers, External, Outcome, answers, maybe, read_items, renamed, status};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_products, create_product))
        .routes(routes!(batch_products))
        .routes(routes!(get_product))
        .routes(routes!(get_product_by_external, put_product_by_external))
}

/// A product as you know it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProductInput {
    /// Its name at its source. In a path it need not be repeated.
    external: Option<External>,
    /// Merchant code; absent: the id of `external`.
    #[schema(max_length = 500)]
    sku: Option<String>,
    /// The platform's goods id.
    #[schema(max_length = 500)]
    product_id: Option<String>,
    /// Title.
    #[schema(max_length = 500)]
    title: Option<String>,
    /// Variant.
    #[schema(max_length = 500)]
    spec: Option<String>,
    /// Category path, broadest first.
    #[serde(default)]
    #[schema(max_items = 10)]
    category: Vec<String>,
    /// Brand.
    #[schema(max_length = 500)]
    brand: Option<String>,
    /// Bar code.
    #[schema(max_length = 500)]
    barcode: Option<String>,
    /// List price.
    price: Option<MoneyDto>,
    /// What it costs you.
    cost: Option<MoneyDto>,
    /// Pieces in stock.
    stock: Option<i64>,
    /// When the source last changed it; absent: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Instant>,
}

impl ProductInput {
    fn said(self, cx: &Ctx, name: External) -> Result<ProductSaid, Problem> {
        let mut amounts = Amounts::default();
        let price = amounts.read("price", self.price.as_ref())?;
        let cost = amounts.read("cost", self.cost.as_ref())?;
        let said = ProductSaid {
            source: name.source,
            source_id: name.id,
            import: None,
            heard: if self.updated_at.is_none() { Some(cx.now) } else { None },
            source_time: self.updated_at.map(Instant::micros),
            sku: self.sku,
            product_id: self.product_id,
            title: self.title,
            spec: self.spec,
            category: self.category,
            brand: self.brand,
            barcode: self.barcode,
            price,
            cost,
            currency: amounts.currency,
            stock: self.stock,
        };
        check(&said).map_err(|r| renamed(r, ""))?;
        Ok(said)
    }
}

/// A product.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Product)]
struct ProductDto {
    /// `prd_…`.
    #[schema(value_type = String, example = "prd_01kc…")]
    id: ProductId,
    /// Its name at its source.
    external: External,
    /// Merchant code.
    sku: String,
    /// The platform's goods id.
    product_id: Option<String>,
    /// Title.
    title: Option<String>,
    /// Variant.
    spec: Option<String>,
    /// Category path, broadest first.
    category: Vec<String>,
    /// Brand.
    brand: Option<String>,
    /// Bar code.
    barcode: Option<String>,
    /// List price.
    price: Option<MoneyDto>,
    /// What it costs; null as well for who may not see costs (`products:cost`).
    cost: Option<MoneyDto>,
    /// Pieces in stock.
    stock: Option<i64>,
    /// When it last changed here.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

impl ProductDto {
    /// The product as far as the caller may see it.
    fn seen_by(call: &Call, p: ProductRow) -> Self {
        let cost = p.cost.filter(|_| call.caller.permissions.has(Permission::ProductsCost));
        Self {
            id: p.id,
            external: External { source: p.source, id: p.source_id },
            sku: p.sku,
            product_id: p.product_id,
            title: p.title,
            spec: p.spec,
            category: p.category,
            brand: p.brand,
            barcode: p.barcode,
            price: maybe(p.price, p.currency),
            cost: maybe(cost, p.currency),
            stock: p.stock,
            updated_at: p.updated_at,
        }
    }
}

/// What came of a product that was sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct ProductAccepted {
    /// The product.
    #[schema(value_type = String, example = "prd_01kc…")]
    id: ProductId,
    /// Its name at its source.
    external: External,
    /// `created`, `updated` or `unchanged`.
    status: String,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ProductQuery {
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// The beginning of a code, or part of a title.
    query: Option<String>,
    /// The beginning of a category path, levels joined by ` > `.
    category: Option<String>,
}

/// Products, by code.
#[utoipa::path(get, path = "/products", operation_id = "list_products", tag = "products", params(ProductQuery),
    responses((status = 200, body = Page<ProductDto>)), security(("staff" = ["products:read"]), ("key" = ["products:read"])))]
async fn list_products(call: Call, Query(q): Query<ProductQuery>) -> Reply<Page<ProductDto>> {
    let cx = call.allow(Permission::ProductsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let (sku, id, fetch) = (paging.text(0, "")?, paging.id(1, [0; 16])?, paging.fetch());
    let (query, category) = (q.query.unwrap_or_default(), q.category.unwrap_or_default());
    let rows = call.read(&cx, move |tx, cx| super::list(tx, cx, &query, &category, (&sku, id), fetch)).await?;
    Ok(Json(Page::cut(rows, &paging, |p| vec![(&p.sku).into(), p.id.into()]).map(|p| ProductDto::seen_by(&call, p))))
}

/// One product.
#[utoipa::path(get, path = "/products/{id}", operation_id = "get_product", tag = "products", params(("id" = String, Path)),
    responses((status = 200, body = ProductDto)), security(("staff" = ["products:read"]), ("key" = ["products:read"])))]
async fn get_product(call: Call, Path(id): Path<ProductId>) -> Reply<ProductDto> {
    let cx = call.allow(Permission::ProductsRead)?;
    let found = call.read(&cx, move |tx, cx| super::get(tx, cx, id)).await?;
    Ok(Json(ProductDto::seen_by(&call, found)))
}

/// The product of that name at its source.
#[utoipa::path(get, path = "/products/by-external/{source}/{id}", operation_id = "get_product_by_external", tag = "products",
    params(("source" = String, Path), ("id" = String, Path)), responses((status = 200, body = ProductDto)),
    security(("staff" = ["products:read"]), ("key" = ["products:read"])))]
async fn get_product_by_external(call: Call, Path((source, id)): Path<(String, String)>) -> Reply<ProductDto> {
    let cx = call.allow(Permission::ProductsRead)?;
    let found = call.read(&cx, move |tx, cx| super::by_external(tx, cx, &source, &id)).await?;
    Ok(Json(ProductDto::seen_by(&call, found)))
}

async fn upsert(call: &Call, cx: &Ctx, said: ProductSaid) -> Result<(StatusCode, Json<ProductAccepted>), Problem> {
    let external = External { source: said.source.clone(), id: said.source_id.clone() };
    let made = call.write(cx, move |tx, cx| {
        let done = observe_many(tx, cx, std::slice::from_ref(&said))?;
        Ok(done.into_iter().next().map(|(id, change)| ProductAccepted { id, external: external.clone(), status: change.word().to_owned() }))
    });
    let made = made.await?.ok_or_else(|| Problem::fault("a product had no answer"))?;
    Ok((status(&made.status), Json(made)))
}

/// Takes a product, new or known by its `external`.
#[utoipa::path(post, path = "/products", operation_id = "create_product", tag = "products", request_body = ProductInput,
    responses((status = 201, body = ProductAccepted), (status = 200, body = ProductAccepted)), security(("staff" = ["products:write"]), ("key" = ["products:write"])))]
async fn create_product(call: Call, Body(mut body): Body<ProductInput>) -> Result<(StatusCode, Json<ProductAccepted>), Problem> {
    let cx = call.allow(Permission::ProductsWrite)?;
    let name = External::of_body(body.external.take())?;
    let said = body.said(&cx, name)?;
    upsert(&call, &cx, said).await
}

/// Takes a product under its name at its source.
#[utoipa::path(put, path = "/products/by-external/{source}/{id}", operation_id = "put_product_by_external", tag = "products",
    params(("source" = String, Path), ("id" = String, Path)), request_body = ProductInput,
    responses((status = 201, body = ProductAccepted), (status = 200, body = ProductAccepted)), security(("staff" = ["products:write"]), ("key" = ["products:write"])))]
async fn put_product_by_external(
    call: Call,
    Path((source, id)): Path<(String, String)>,
    Body(body): Body<ProductInput>,
) -> Result<(StatusCode, Json<ProductAccepted>), Problem> {
    let cx = call.allow(Permission::ProductsWrite)?;
    let name = External::of_path(source, id, body.external.as_ref())?;
    let said = body.said(&cx, name)?;
    upsert(&call, &cx, said).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProductBatch {
    /// 1 to 1000 products, each with its `external`.
    #[schema(value_type = Vec<ProductInput>, min_items = 1, max_items = 1000)]
    items: Vec<serde_json::Value>,
}

/// Takes up to 1,000 products. Each item is answered for itself.
#[utoipa::path(post, path = "/products/batch", operation_id = "batch_products", tag = "products", request_body = ProductBatch,
    responses((status = 200, body = Answers)), security(("staff" = ["products:write"]), ("key" = ["products:write"])))]
async fn batch_products(call: Call, Body(body): Body<ProductBatch>) -> Reply<Answers> {
    let cx = call.allow(Permission::ProductsWrite)?;
    let make = |mut p: ProductInput| {
        let name = External::of_body(p.external.take())?;
        p.said(&cx, name)
    };
    let (good, bad) = read_items(&call, body.items, make)?;
    let (places, said): (Vec<usize>, Vec<ProductSaid>) = good.into_iter().unzip();
    let outcomes: Vec<Outcome> = if said.is_empty() {
        Vec::new()
    } else {
        let taken = call.write(&cx, move |tx, cx| {
            Ok(observe_many(tx, cx, &said)?
                .into_iter()
                .map(|(id, c)| Outcome { status: c.word().to_owned(), id: id.to_string() })
                .collect::<Vec<_>>())
        });
        taken.await?
    };
    Ok(Json(answers(places, outcomes, bad)))
}
