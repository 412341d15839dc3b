using System.Collections.Immutable;
using Mesh.Client.Model;
using Mesh.Client.Registration;
using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>What all registrations share.</summary>
/// <param name="Registrars">The registries.</param>
/// <param name="Local">Where the agent is.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Random">For jitter.</param>
/// <param name="Logger">The log.</param>
internal sealed record RegistrationTools(ImmutableArray<IServiceRegistrar> Registrars, Func<LocalPolicy> Local, TimeProvider Clock, Random Random, ILogger Logger);
