namespace Mesh.Client.Testing;

/// <summary>What a scripted endpoint does with a call.</summary>
internal enum ScriptedVerb
{
    Reply,
    RefuseConnection,
    Reset,
    Hang,
}
