using Mesh.Client.AspNetCore.Lifecycle;
using Mesh.Client.Registration;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>A registration, as it stands.</summary>
internal sealed record RegistrationAnswer
{
    public required string Id { get; init; }

    public required string Service { get; init; }

    public required string Address { get; init; }

    public int Weight { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary><c>registered</c>, <c>waiting</c> for a health check, <c>conflict</c>, or <c>pending</c> while a registry does not take it.</summary>
    public required string State { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Seconds until it is taken out, if nobody says it again; absent where its health check alone counts.</summary>
    public double? ExpiresIn { get; init; }

    public static RegistrationAnswer Of(ProgramRegistration registration)
    {
        Standing standing = registration.Standing;
        RegistrationForm form = registration.Form;
        return new RegistrationAnswer
        {
            Id = registration.Id,
            Service = form.Service,
            Address = form.Authority,
            Weight = form.Weight,
            Labels = form.Labels,
            State = !registration.IsWell ? "waiting" : standing.IsRegistered ? "registered" : standing.Error is InstanceConflictException ? "conflict" : "pending",
            Reason = registration.IsWell ? standing.Text : registration.Unwanted,
            ExpiresIn = registration.Left is { } left ? Math.Round(Math.Max(0, left.TotalSeconds), 1) : null,
        };
    }
}
