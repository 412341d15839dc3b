namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Stands in for the handler of this name in a package that is not referenced here.</summary>
internal sealed class ResilienceHandler : DelegatingHandler;
