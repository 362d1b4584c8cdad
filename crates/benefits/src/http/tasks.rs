//! What people or an ERP must do for uses: the list, its counts, as a file, and back as done.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_access::{audit, merchants};
use shuke_http::{App, Call, Page, Paging, Path, Permission, Problem, Query, Reply, streamed};
use shuke_kernel::{Ctx, Error, Result as Done};
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::benefit_names;
use super::dto::TaskDto;
use crate::task::{self, Filter};
use crate::{BenefitId, TaskId};

/// Rows of a file that are read at a time.
const STEP: i64 = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_benefit_tasks))
        .routes(routes!(count_benefit_tasks))
        .routes(routes!(export_benefit_tasks))
        .routes(routes!(finish_benefit_task))
}

/// Which tasks.
struct Asked {
    state: Option<String>,
    by: Option<String>,
    benefit: Option<BenefitId>,
    due: Option<Date>,
    overdue: Option<bool>,
}

impl Asked {
    fn check(&self) -> Result<(), Problem> {
        let among = |value: &Option<String>, field, words: &[&str]| match value {
            Some(word) if !words.contains(&word.as_str()) => Err(Problem::invalid("query", field, format!("one of {}", words.join(", ")))),
            _ => Ok(()),
        };
        among(&self.state, "state", &["open", "done", "cancelled"])?;
        among(&self.by, "by", &["hand", "erp"])
    }

    fn filter(&self, tx: &mut Tx<'_>, cx: &Ctx) -> Done<(Filter, String)> {
        let today = merchants::zone_of(tx, cx.merchant)?.day(cx.now);
        let mut due = self.due;
        if self.overdue == Some(true) {
            let yesterday = today.yesterday().map_err(Error::fault)?;
            due = Some(due.map_or(yesterday, |due| due.min(yesterday)));
        }
        let state = self.state.clone().unwrap_or_else(|| "open".to_owned());
        let filter = Filter { state, by: self.by.clone(), benefit: self.benefit, due: due.map(|day| day.to_string()) };
        Ok((filter, today.to_string()))
    }
}

fn blank(word: Option<String>) -> Option<String> {
    word.filter(|w| !w.is_empty())
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TaskList {
    /// `open` (default), `done` or `cancelled`.
    state: Option<String>,
    /// `hand` or `erp`.
    by: Option<String>,
    /// Only of this benefit.
    #[param(value_type = Option<String>)]
    benefit: Option<BenefitId>,
    /// Due on this day or before.
    #[param(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    /// Only what should be done by now.
    overdue: Option<bool>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What is to be done for uses of benefits, by the day on which it is due.
#[utoipa::path(get, path = "/benefits/tasks", operation_id = "list_benefit_tasks", tag = "benefits", params(TaskList),
    responses((status = 200, body = Page<TaskDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_benefit_tasks(call: Call, Query(q): Query<TaskList>) -> Reply<Page<TaskDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let after = (paging.text(0, "")?, paging.id(1, [0; 16])?);
    let asked = Asked { state: blank(q.state), by: blank(q.by), benefit: q.benefit, due: q.due, overdue: q.overdue };
    asked.check()?;
    let fetch = paging.fetch();
    let found = call.read(&cx, move |tx, cx| {
        let (filter, today) = asked.filter(tx, cx)?;
        let names = benefit_names(tx, cx)?;
        let tasks = task::list(tx, cx, &filter, (&after.0, after.1), fetch)?;
        Ok(tasks.into_iter().map(|t| TaskDto::of(t, &names, &today)).collect::<Vec<_>>())
    });
    Ok(Json(Page::cut(found.await?, &paging, |t| vec![(&t.due_on).into(), t.id.into()])))
}

/// What is open.
#[derive(Serialize, ToSchema)]
struct BenefitTaskCounts {
    /// All that is open.
    open: i64,
    /// What should be done by now.
    overdue: i64,
    /// What is due today.
    today: i64,
}

/// How much is to be done.
#[utoipa::path(get, path = "/benefits/tasks/counts", operation_id = "count_benefit_tasks", tag = "benefits",
    responses((status = 200, body = BenefitTaskCounts)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn count_benefit_tasks(call: Call) -> Reply<BenefitTaskCounts> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let counts = call.read(&cx, task::counts).await?;
    Ok(Json(BenefitTaskCounts { open: counts.open, overdue: counts.overdue, today: counts.today }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TaskFile {
    /// `open` (default), `done` or `cancelled`.
    state: Option<String>,
    /// `hand` or `erp`.
    by: Option<String>,
    /// Only of this benefit.
    #[param(value_type = Option<String>)]
    benefit: Option<BenefitId>,
    /// Due on this day or before.
    #[param(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    /// Only what should be done by now.
    overdue: Option<bool>,
    /// The merchant, instead of the header `Shuke-Merchant`: a link that a browser follows sends no header.
    #[serde(rename = "merchant")]
    #[param(rename = "merchant")]
    _merchant: Option<String>,
}

const FIELDS: &[Field] = &[
    Field::new("task", "待办", Kind::Text),
    Field::new("due_on", "应完成日", Kind::Word),
    Field::new("benefit", "权益", Kind::Word),
    Field::new("order", "订单", Kind::Text),
    Field::new("member", "会员", Kind::Text),
    Field::new("by", "由谁完成", Kind::Word),
    Field::new("state", "状态", Kind::Word),
    Field::new("overdue", "已逾期", Kind::Bool),
    Field::new("used_at", "使用时间", Kind::Time),
    Field::new("done_at", "完成时间", Kind::Time),
];

/// The list as CSV, whole.
#[utoipa::path(get, path = "/benefits/tasks/export", operation_id = "export_benefit_tasks", tag = "benefits", params(TaskFile),
    responses((status = 200, content((String = "text/csv")))), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn export_benefit_tasks(call: Call, Query(q): Query<TaskFile>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let asked = Asked { state: blank(q.state), by: blank(q.by), benefit: q.benefit, due: q.due, overdue: q.overdue };
    asked.check()?;
    let (zh, store) = (call.lang.is_zh(), call.app.store.clone());
    call.write(&cx, |tx, cx| audit::record(tx, cx, "benefit_tasks.exported", "", "csv").map(|_| ())).await?;
    let (names, filter, today, zone) = call
        .read(&cx, move |tx, cx| {
            let (filter, today) = asked.filter(tx, cx)?;
            Ok((benefit_names(tx, cx)?, filter, today, merchants::zone_of(tx, cx.merchant)?))
        })
        .await?;
    let body = streamed("tasks of benefits".to_owned(), move |to| {
        let mut file = Writer::new(to, Format::Csv, Style { zh, zone });
        file.begin(&Sheet { name: "tasks".into(), zh: "权益待办".into(), fields: FIELDS.into() }).map_err(Error::fault)?;
        let mut after = (String::new(), [0; 16]);
        loop {
            let (cx, filter, from) = (cx.clone(), filter.clone(), after.clone());
            let page = store.read_now(move |tx| task::list(tx, &cx, &filter, (&from.0, from.1), STEP))?;
            let Some(last) = page.last() else { break };
            after = (last.due_on.clone(), *last.id.bytes());
            for task in page {
                let t = TaskDto::of(task, &names, &today);
                let row: [Cell; 10] = [
                    t.id.to_string().into(),
                    t.due_on.into(),
                    t.benefit.name.into(),
                    t.order.into(),
                    t.member.to_string().into(),
                    t.by.into(),
                    t.state.into(),
                    t.overdue.into(),
                    t.created_at.into(),
                    t.done_at.into(),
                ];
                file.row(&row).map_err(Error::fault)?;
            }
        }
        Ok(file.finish().map_err(Error::fault)?.0)
    });
    let headers = [
        (header::CONTENT_TYPE, Format::Csv.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"benefit-tasks.csv\"".to_owned()),
    ];
    Ok((headers, body).into_response())
}

/// It is done.
#[utoipa::path(post, path = "/benefits/tasks/{id}/done", operation_id = "finish_benefit_task", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = TaskDto)), security(("staff" = ["benefits:use"]), ("key" = ["benefits:use"])))]
async fn finish_benefit_task(call: Call, Path(id): Path<TaskId>) -> Reply<TaskDto> {
    let cx = call.allow(Permission::BenefitsUse)?;
    let done = call.write(&cx, move |tx, cx| {
        let (names, task) = (benefit_names(tx, cx)?, task::done(tx, cx, id)?);
        let today = merchants::zone_of(tx, cx.merchant)?.day(cx.now).to_string();
        Ok(TaskDto::of(task, &names, &today))
    });
    Ok(Json(done.await?))
}
