using Mesh.Client.AspNetCore.Lifecycle;
using Mesh.Client.Options.Reading;
using Mesh.Client.Registration;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>A program without a library says that it is there: <c>/v1/registrations</c>.</summary>
internal sealed class RegistrationApi(RegistrationTable table, TimeProvider clock)
{
    /// <summary>So long a PUT waits for the registries; what takes longer goes on by itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task ListAsync(HttpContext context) =>
        AdminAnswer.WriteAsync(context, new ItemsAnswer<RegistrationAnswer>([.. table.All.Select(RegistrationAnswer.Of)]), AgentJson.Default.ItemsAnswerRegistrationAnswer);

    public Task FindAsync(HttpContext context) => table.Find(Id(context)) is { } found
        ? AdminAnswer.WriteAsync(context, RegistrationAnswer.Of(found), AgentJson.Default.RegistrationAnswer)
        : UnknownAsync(context);

    public async Task PutAsync(HttpContext context)
    {
        string id = Id(context);
        if (RegistrationReader.IdProblem(id) is { } problem)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, $"id = \"{OptionErrors.Clean(id, 100)}\" {problem}.").ConfigureAwait(false);
            return;
        }

        (int status, string text) = await BoundedText.ReadAsync(context, RegistrationReader.MaxBytes, clock).ConfigureAwait(false);
        if (status != StatusCodes.Status200OK)
        {
            await AdminAnswer.RefuseAsync(context, status, text).ConfigureAwait(false);
            return;
        }

        var errors = new OptionErrors();
        if (RegistrationReader.Read(text, errors) is not { } form)
        {
            IReadOnlyList<string> lines = errors.ToLines();
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, string.Join(' ', lines), lines).ConfigureAwait(false);
            return;
        }

        await RegisterAsync(context, id, form).ConfigureAwait(false);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        if (table.Remove(Id(context)) is not { } left)
        {
            await UnknownAsync(context).ConfigureAwait(false);
            return;
        }

        await left.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task RegisterAsync(HttpContext context, string id, RegistrationForm form)
    {
        if (!table.HasRegistry)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "There is no registry to register in: add the section Mesh:Consul to the agent's configuration.").ConfigureAwait(false);
            return;
        }

        RegistrationForm? before = table.Find(id)?.Form;
        if (table.Put(id, form, out bool isNew) is not { } registration)
        {
            context.Response.Headers.RetryAfter = "5";
            string why = table.IsStopping ? "The agent stops." : $"{RegistrationTable.Most} programs are registered already; delete one that is gone, or let it expire.";
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, why).ConfigureAwait(false);
            return;
        }

        await registration.SettleAsync(Patience, context.RequestAborted).ConfigureAwait(false);
        Standing standing = registration.Standing;
        if (standing.Error is ArgumentException or InstanceConflictException)
        {
            TakeBack(registration, form, isNew ? null : before);
            int status = standing.Error is InstanceConflictException ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
            await AdminAnswer.RefuseAsync(context, status, Text(standing.Error)).ConfigureAwait(false);
            return;
        }

        RegistrationAnswer answer = RegistrationAnswer.Of(registration);
        int done = answer.State != "registered" ? StatusCodes.Status202Accepted : isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        if (isNew)
        {
            context.Response.Headers.Location = $"/v1/registrations/{id}";
        }

        await AdminAnswer.WriteAsync(context, answer, AgentJson.Default.RegistrationAnswer, done).ConfigureAwait(false);
    }

    // What the registry will never take is not kept: what was there before goes on.
    private void TakeBack(ProgramRegistration registration, RegistrationForm form, RegistrationForm? before)
    {
        if (table.Find(registration.Id) != registration || registration.Form != form)
        {
            return;
        }

        if (before is null || (before.Service, before.Address) != (form.Service, form.Address))
        {
            table.Remove(registration.Id);
        }
        else if (before != form)
        {
            table.Put(registration.Id, before, out _);
        }
    }

    // Which parameter of the code it was helps nobody here.
    private static string Text(Exception error) =>
        error is ArgumentException { ParamName: { } name } ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message;

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static Task UnknownAsync(HttpContext context) =>
        AdminAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "No program is registered under that id: it said nothing for its ttl, was deleted, or the agent began anew. Say it again by PUT.");
}
