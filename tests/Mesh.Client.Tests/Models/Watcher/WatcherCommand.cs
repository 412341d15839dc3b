namespace Mesh.Client.Tests.Models.Watcher;

/// <summary>One step in the life of a service whose registry changes, doubts and breaks.</summary>
/// <param name="Verb">What happens.</param>
/// <param name="Number">Which endpoints, as bits; which one; or how many seconds.</param>
internal sealed record WatcherCommand(WatcherVerb Verb, int Number);
