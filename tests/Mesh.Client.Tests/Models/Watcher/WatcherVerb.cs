namespace Mesh.Client.Tests.Models.Watcher;

internal enum WatcherVerb
{
    Found,
    EmptyForSure,
    Empty,
    NotFound,
    Break,
    FailEndpoint,
    Advance,
}
