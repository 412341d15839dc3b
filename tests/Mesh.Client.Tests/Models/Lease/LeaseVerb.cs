namespace Mesh.Client.Tests.Models.Lease;

internal enum LeaseVerb
{
    Take,
    Advance,
    Ask,
    GiveBack,
    Answer,
    Lose,
}
